import { rmSync, writeFileSync } from 'node:fs'
import { ManualClock } from '../../../lib/runtime/manual-clock'
import { CodecThread, CodecThreadError } from '../../../lib/wire/codec-thread'
import { encodeLz4Frame } from '../../../lib/wire/lz4-frame-encoder'
import { compiledCodecWorker } from '../../support/codec-worker'

const script = compiledCodecWorker()
const BODY = Buffer.alloc(300_000, 'text ')
const PACKED = encodeLz4Frame(BODY)
const threads: CodecThread[] = []

function start(file: string): CodecThread {
  const thread = new CodecThread(file)
  threads.push(thread)
  return thread
}

afterEach(() => Promise.all(threads.splice(0).map(thread => thread.end())))
afterAll(() => rmSync(script))

describe('CodecThread', () => {
  it('does one job after another, and leaves what it was given as it was', async () => {
    const thread = start(script)
    const given = Buffer.from(PACKED)
    expect((await thread.run({ kind: 'LZ4_INFLATE', body: given, maxBytes: BODY.length })).equals(BODY)).toBe(true)
    expect(given.equals(PACKED)).toBe(true)
    expect((await thread.run({ kind: 'LZ4_COMPRESS', body: BODY, maxBytes: 0 })).equals(PACKED)).toBe(true)
  })

  it('tells why a job failed, and does the next one', async () => {
    const thread = start(script)
    await expect(thread.run({ kind: 'LZ4_INFLATE', body: PACKED, maxBytes: 10 })).rejects.toMatchObject({
      code: 'MESSAGE_UNREADABLE',
      message: 'a compressed body would inflate to more than 10 bytes',
    })
    expect(await thread.run({ kind: 'LZ4_INFLATE', body: PACKED, maxBytes: BODY.length })).toHaveLength(BODY.length)
  })

  it('fails its jobs where it cannot be started', async () => {
    const thread = start('/no/such/script.js')
    const job = { kind: 'LZ4_INFLATE', body: PACKED, maxBytes: BODY.length } as const
    await expect(thread.run(job)).rejects.toBeInstanceOf(CodecThreadError)
    await expect(thread.run(job)).rejects.toBeInstanceOf(CodecThreadError)
    await expect(start('no path').run(job)).rejects.toBeInstanceOf(CodecThreadError)
  })

  it('is ended where a job takes too long, which counts as unreadable', async () => {
    const file = `${script}.busy.cjs`
    writeFileSync(file, "require('node:worker_threads').parentPort.on('message', () => { for (;;); })")
    const clock = new ManualClock()
    const thread = new CodecThread(file, clock)
    threads.push(thread)
    const job = { kind: 'ZSTD_INFLATE', body: PACKED, maxBytes: BODY.length } as const
    const given = expect(thread.run(job)).rejects.toMatchObject({
      code: 'MESSAGE_UNREADABLE',
      message: 'a body marked as ZSTD was not inflated within 10000 ms',
    })
    await clock.advance(9_999)
    expect(thread.hasEnded).toBe(false)
    await clock.advance(1)
    await given
    expect(thread.hasEnded).toBe(true)
    await expect(thread.run(job)).rejects.toBeInstanceOf(CodecThreadError)
    rmSync(file)
  })

  it('fails the job during which it ends', async () => {
    const file = `${script}.ends.cjs`
    writeFileSync(file, "require('node:worker_threads').parentPort.on('message', () => process.exit(3))")
    const running = start(file).run({ kind: 'LZ4_COMPRESS', body: BODY, maxBytes: 0 })
    await expect(running).rejects.toMatchObject({
      cause: expect.objectContaining({ message: expect.stringMatching(/exit code 3/) }),
    })
    rmSync(file)
  })
})
