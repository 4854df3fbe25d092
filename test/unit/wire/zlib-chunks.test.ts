import { fitted, inflatedChunkBytes, packedChunkBytes } from '../../../lib/wire/zlib-chunks'

const MIB = 1024 * 1024
const bytes = (count: number): Uint8Array => new Uint8Array(count)

describe('the pieces that node:zlib gives', () => {
  it('hold all that compressing can make of a body, up to 1 MiB', () => {
    expect(packedChunkBytes(bytes(10_000))).toBeGreaterThan(10_000)
    expect(packedChunkBytes(bytes(8 * MIB))).toBe(MIB)
  })

  it('hold eight times a body that is inflated, up to 4 MiB and what it may come to', () => {
    expect(inflatedChunkBytes(bytes(10_000), 16 * MIB)).toBe(80_000)
    expect(inflatedChunkBytes(bytes(MIB), 16 * MIB)).toBe(4 * MIB)
    expect(inflatedChunkBytes(bytes(MIB), 50_000)).toBeLessThan(51_000)
  })

  it('are no smaller than node:zlib takes', () => {
    expect(packedChunkBytes(bytes(0))).toBeGreaterThanOrEqual(64)
    expect(inflatedChunkBytes(bytes(1), 0)).toBeGreaterThanOrEqual(64)
  })
})

describe('bytes', () => {
  it('keep their memory where they use half of it', () => {
    const whole = Buffer.alloc(1000, 'x')
    const half = whole.subarray(0, 500)
    expect(fitted(half)).toBe(half)
  })

  it('get their own where they use less, and stay the same', () => {
    const few = Buffer.alloc(1000, 'x').subarray(10, 400)
    const own = fitted(few)
    expect([own.equals(few), own.buffer.byteLength]).toEqual([true, 390])
  })
})
