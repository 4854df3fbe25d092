import { MessageChannel } from 'node:worker_threads'
import { once } from 'node:events'
import { type CodecAnswer, type CodecJob, bodyOfAnswer } from '../../../lib/wire/codec-job'
import { serveCodecJobs } from '../../../lib/wire/codec-worker'
import { encodeLz4Frame } from '../../../lib/wire/lz4-frame-encoder'

async function ask(job: CodecJob): Promise<CodecAnswer> {
  const { port1, port2 } = new MessageChannel()
  serveCodecJobs(port2)
  try {
    port1.postMessage(job)
    const [answer] = (await once(port1, 'message')) as [CodecAnswer]
    return answer
  } finally {
    port1.close()
  }
}

describe('serveCodecJobs', () => {
  it.each([10, 200_000])('answers a job of %i bytes with the body', async bytes => {
    const body = Buffer.alloc(bytes, 'ab')
    const answer = await ask({ kind: 'LZ4_INFLATE', body: encodeLz4Frame(body), maxBytes: bytes })
    expect(bodyOfAnswer(answer).equals(body)).toBe(true)
  })

  it('answers a job that fails with its error', async () => {
    const answer = await ask({ kind: 'LZ4_INFLATE', body: Buffer.from('no frame'), maxBytes: 10 })
    expect(answer).toMatchObject({ code: 'MESSAGE_UNREADABLE', message: expect.stringMatching(/LZ4/) })
  })
})
