import fc from '../../support/property'
import { compress, inflate } from '../../../lib/wire/compression'
import { encodeLz4Frame } from '../../support/lz4-encoder'

const CAP = 100_000

describe('compress and inflate', () => {
  it('carry any body by ZLIB', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 5_000 }), fc.integer({ min: 0, max: 9 }), async (bytes, level) => {
        expect(await inflate('ZLIB', await compress(bytes, level), CAP)).toEqual(Buffer.from(bytes))
      }),
      { numRuns: 50 },
    )
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
