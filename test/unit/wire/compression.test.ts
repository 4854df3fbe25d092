import fc from '../../support/property'
import { compress, inflate } from '../../../lib/wire/compression'
import * as zlib from 'node:zlib'
import { BODY_THREADS } from '../../../lib/wire/body-threads'
import { codecPool } from '../../../lib/wire/codec-pool'
import { encodeLz4Frame } from '../../support/lz4-encoder'

const CAP = 100_000

/** Bytes that hardly repeat. */
function noiseOf(length: number): Buffer {
  let state = 1
  return Buffer.from(Array.from({ length }, () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0) >>> 24))
}

/** What the library calls: a namespace import is a copy. */
const core = jest.requireActual<typeof zlib>('node:zlib')
const itWithZstd = 'zstdCompress' in zlib ? it : it.skip
const itWithoutZstd = 'zstdCompress' in zlib ? it.skip : it
afterEach(() => jest.restoreAllMocks())

describe('compress and inflate', () => {
  it('carry any body by ZLIB', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 5_000 }), fc.integer({ min: 0, max: 9 }), async (bytes, level) => {
        expect(await inflate('ZLIB', await compress(bytes, level), CAP)).toEqual(Buffer.from(bytes))
      }),
      { numRuns: 50 },
    )
  })

  it("keep no more of libuv's threads busy with large bodies than may be, also after failures", async () => {
    const ends: ((error: Error | null, result: Buffer) => void)[] = []
    jest
      .spyOn(core, 'inflate')
      .mockImplementation(
        ((_body: unknown, _options: unknown, end: (typeof ends)[number]) => void ends.push(end)) as never,
      )
    const body = noiseOf(20_000)
    const count = BODY_THREADS.libuv + 2
    const all = Promise.allSettled(Array.from({ length: count }, async () => inflate('ZLIB', body, CAP)))
    const seen: number[] = []
    for (let i = 0; i < count; i++) {
      await new Promise(resolve => setImmediate(resolve))
      seen.push(ends.length - i)
      ends[i]?.(i % 2 === 0 ? null : new Error('damaged'), Buffer.alloc(1))
    }
    expect((await all).map(({ status }) => status)).toEqual(
      seen.map((_, i) => (i % 2 === 0 ? 'fulfilled' : 'rejected')),
    )
    expect(seen.slice(0, 3)).toEqual([BODY_THREADS.libuv, BODY_THREADS.libuv, BODY_THREADS.libuv])
  })

  it('do not let small bodies wait for large ones', async () => {
    const packed = await compress(Buffer.from('small'), 5)
    const { inflate: real } = core
    const held: (() => void)[] = []
    const spy = jest.spyOn(core, 'inflate').mockImplementation((...args: Parameters<typeof real>) => {
      if ((args[0] as Buffer).length > 16_000) held.push(() => (args[2] as (e: Error) => void)(new Error('held')))
      else real(...args)
    })
    const large = Promise.allSettled(
      Array.from({ length: BODY_THREADS.libuv }, async () => inflate('ZLIB', noiseOf(20_000), CAP)),
    )
    expect((await inflate('ZLIB', packed, CAP)).toString()).toBe('small')
    for (const end of held) end()
    await large
    expect(spy).toHaveBeenCalledTimes(BODY_THREADS.libuv + 1)
  })

  it('write ZLIB as Java does at level 5', async () => {
    expect((await compress(Buffer.from('a'.repeat(20)), 5)).toString('hex')).toBe('785e4b4cc404004fa60795')
  })

  it.each([
    ['ZLIB', '785e4b4cc404004fa60795'],
    ['LZ4', '04224d186070730a0000001a61010050616161616100000000'],
    ['ZSTD', '28b52ffd005844000010616101001ec002010000'],
  ] as const)('read what Java wrote by %s', async (type, hex) => {
    expect(String(await inflate(type, Buffer.from(hex, 'hex'), CAP))).toBe('a'.repeat(20))
  })

  it('carry any body by LZ4, as Java writes it', async () => {
    expect((await compress(Buffer.from('a'.repeat(20)), 5, 'LZ4')).toString('hex')).toBe(
      '04224d186070730a0000001a61010050616161616100000000',
    )
    const bytes = Buffer.from(Array.from({ length: 9_000 }, (_, i) => (i * i) & 0xff))
    expect(await inflate('LZ4', await compress(bytes, 5, 'LZ4'), CAP)).toEqual(bytes)
  })

  itWithZstd('carry any body by ZSTD, at every level', async () => {
    const bytes = Buffer.from('order;'.repeat(2000))
    for (const level of [1, 5, 22]) {
      const packed = await compress(bytes, level, 'ZSTD')
      expect(packed.length).toBeLessThan(100)
      expect(await inflate('ZSTD', packed, CAP)).toEqual(bytes)
    }
  })

  it('ask another thread where an LZ4 body is large, and only there', async () => {
    const asked = jest.spyOn(codecPool, 'run')
    const noise = noiseOf(65_536)
    const packed = await compress(noise.subarray(1), 5, 'LZ4')
    expect(asked).not.toHaveBeenCalled()
    await inflate('LZ4', packed, CAP)
    await compress(noise, 5, 'LZ4')
    await inflate('LZ4', await compress(noise.subarray(0, 20_000), 5, 'LZ4'), CAP)
    await inflate('ZLIB', await compress(noise, 5), CAP)
    expect(asked.mock.calls.map(([job]) => job.kind)).toEqual(['LZ4_INFLATE', 'LZ4_COMPRESS'])
  })

  itWithoutZstd('ask another thread where a ZSTD body is much work', async () => {
    const asked = jest.spyOn(codecPool, 'run')
    const runOf = (bytes: number): Buffer =>
      Buffer.from([((bytes << 3) | 2) & 0xff, (bytes >>> 5) & 0xff, bytes >>> 13, 97])
    const last = Buffer.from([1, 0, 0])
    const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x70])
    const few = Buffer.concat([head, runOf(1000), last])
    const many = Buffer.concat([head, ...Array<Buffer>(20).fill(runOf(131_072)), last])
    expect(await inflate('ZSTD', few, CAP)).toHaveLength(1000)
    expect(asked).not.toHaveBeenCalled()
    expect(await inflate('ZSTD', many, 3_000_000)).toHaveLength(20 * 131_072)
    expect(asked).toHaveBeenCalledTimes(1)
  })

  itWithoutZstd(
    'ask another thread where few bytes of ZSTD ask for many copies, and refuse more than fit',
    async () => {
      const asked = jest.spyOn(codecPool, 'run').mockResolvedValue(Buffer.from('from a thread'))
      /** A block of so many sequences, each of them as long as it can be. */
      const packed = (...count: number[]): Buffer => {
        const block = [0, ...count, 0x54, 0, 0, 52, 1]
        return Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x70, (block.length << 3) | 5, 0, 0, ...block])
      }
      await inflate('ZSTD', packed(1), CAP)
      expect(asked).not.toHaveBeenCalled()
      expect(String(await inflate('ZSTD', packed(8), CAP))).toBe('from a thread')
      expect(() => inflate('ZSTD', packed(255, 255, 255), CAP)).toThrow(/98047 sequences, more than fit/)
      expect(asked).toHaveBeenCalledTimes(1)
    },
  )

  it('stop bombs at the cap', async () => {
    const zeros = Buffer.alloc(CAP + 1)
    await expect(inflate('ZLIB', await compress(zeros, 9), CAP)).rejects.toMatchObject({
      code: 'MESSAGE_UNREADABLE',
      message: expect.stringContaining('more than 100000 bytes'),
    })
    expect(() => inflate('LZ4', encodeLz4Frame(zeros), CAP)).toThrow(/more than 100000 bytes/)
    expect(await inflate('ZLIB', await compress(zeros.subarray(1), 9), CAP)).toHaveLength(CAP)
  })

  it('refuse ZLIB that is damaged or cut, and keep the cause', async () => {
    const body = await compress(Buffer.from('hello hello hello'), 5)
    for (const damaged of [
      body.subarray(0, -1),
      Buffer.from('not zlib'),
      Buffer.concat([body.subarray(0, 6), Buffer.of(0xff), body.subarray(7)]),
    ]) {
      await expect(inflate('ZLIB', damaged, CAP)).rejects.toMatchObject({
        code: 'MESSAGE_UNREADABLE',
        cause: expect.objectContaining({ code: expect.stringMatching(/^Z_/) }),
      })
    }
  })
})
