import { inspectZstdFrames } from '../../../lib/wire/zstd-frames'

const CAP = 16_777_216
/** Magic, descriptor, the rest. */
const frame = (...bytes: number[]): Buffer => Buffer.from([0x28, 0xb5, 0x2f, 0xfd, ...bytes])
/** The last block: raw, of `size` zeros. */
const block = (size: number): number[] => [((size << 3) | 1) & 0xff, size >>> 5, 0, ...Array<number>(size).fill(0)]

describe('inspectZstdFrames', () => {
  it.each([
    ['a window', frame(0x00, 0x00, ...block(3))],
    ['a checksum', frame(0x04, 0x00, ...block(3), 1, 2, 3, 4)],
    ['a single segment with its size in one byte', frame(0x20, 3, ...block(3))],
    ['a size in two bytes', frame(0x60, 0, 0, ...block(3))],
    ['a size in four bytes', frame(0xa0, 3, 0, 0, 0, ...block(3))],
    ['a size in eight bytes', frame(0xe0, 3, 0, 0, 0, 0, 0, 0, 0, ...block(3))],
    ['a dictionary', frame(0x03, 0x00, 1, 2, 3, 4, ...block(3))],
  ])('knows where a frame with %s ends', (_what, bytes) => {
    const { frames } = inspectZstdFrames(Buffer.concat([bytes, frame(0x00, 0x00, ...block(1))]), CAP)
    expect(frames.map(each => each.length)).toEqual([bytes.length, 10])
    expect(frames[0]).toEqual(bytes)
    for (let length = 1; length < bytes.length; length++) {
      expect(() => inspectZstdFrames(bytes.subarray(0, length), CAP)).toThrow(
        expect.objectContaining({ code: 'MESSAGE_UNREADABLE' }),
      )
    }
  })

  it('counts what moving the window after each block would cost', () => {
    const twoBlocks = frame(0x00, 0x00, 0x02 | (4 << 3), 0, 0, 7, ...block(3))
    expect(inspectZstdFrames(twoBlocks, CAP).windowMoves).toBe(2 * 1_024)
  })

  it('makes a window as small as what may come out allows, in memory of its own', () => {
    const wide = frame(0x00, 0x7f, ...block(2_000))
    const [shrunk] = inspectZstdFrames(wide, CAP).frames
    expect(shrunk?.[5]).toBe(1 << 3)
    expect(wide[5]).toBe(0x7f)
    const [capped] = inspectZstdFrames(frame(0x00, 0x7f, 0x15, 0, 0, 0, 0), 5_000).frames
    expect(capped?.[5]).toBe(3 << 3)
  })

  it('refuses a block of a kind that is reserved', () => {
    expect(() => inspectZstdFrames(frame(0x00, 0x00, 0x07, 0, 0), CAP)).toThrow(/unknown kind/)
  })
})
