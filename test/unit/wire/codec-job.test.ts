import { answerCodecJob, bodyOfAnswer, runCodecJob } from '../../../lib/wire/codec-job'
import { encodeLz4Frame } from '../../../lib/wire/lz4-frame-encoder'

const TEXT = Buffer.from('text '.repeat(100))
const ZSTD = Buffer.from('28b52ffd005844000010616101001ec002010000', 'hex')

describe('a codec job', () => {
  it('compresses and inflates LZ4, of any array of bytes', async () => {
    const packed = await runCodecJob({ kind: 'LZ4_COMPRESS', body: new Uint8Array(TEXT), maxBytes: 0 })
    expect(packed).toEqual(encodeLz4Frame(TEXT))
    expect(await runCodecJob({ kind: 'LZ4_INFLATE', body: packed, maxBytes: 1000 })).toEqual(TEXT)
  })

  it('inflates ZSTD', async () => {
    expect(String(await runCodecJob({ kind: 'ZSTD_INFLATE', body: ZSTD, maxBytes: 20 }))).toBe('a'.repeat(20))
  })

  it('is answered with the body, or with the error that another thread throws again', async () => {
    const body = encodeLz4Frame(TEXT)
    expect(bodyOfAnswer(await answerCodecJob({ kind: 'LZ4_INFLATE', body, maxBytes: 1000 }))).toEqual(TEXT)
    const tooLarge = await answerCodecJob({ kind: 'LZ4_INFLATE', body, maxBytes: 10 })
    const damaged = await answerCodecJob({ kind: 'ZSTD_INFLATE', body: Buffer.from('no zstd'), maxBytes: 10 })
    const failure = { code: 'MESSAGE_UNREADABLE' }
    expect(() => bodyOfAnswer(structuredClone(tooLarge))).toThrow(expect.objectContaining(failure))
    expect(() => bodyOfAnswer(structuredClone(tooLarge))).toThrow(/more than 10 bytes/)
    expect(() => bodyOfAnswer(structuredClone(damaged))).toThrow(expect.objectContaining(failure))
  })
})
