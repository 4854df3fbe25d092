import { zstdSequences } from '../../../lib/wire/zstd-sequences'

const count = (...bytes: number[]): number => zstdSequences(Buffer.from(bytes), 0, bytes.length)
const literals = (bytes: number): number[] => Array<number>(bytes).fill(9)

describe('zstdSequences', () => {
  it.each([
    ['literals as they are, their size in 5 bits', [3 << 3, ...literals(3)]],
    ['literals as they are, their size in 12 bits', [0x14, 1, ...literals(0x11)]],
    ['literals as they are, their size in 20 bits', [0x1c, 1, 0, ...literals(0x11)]],
    ['one literal that is repeated', [(20 << 3) | 1, 9]],
    ['one literal that is repeated, its size in 12 bits', [0x15, 99, 9]],
    ['one literal that is repeated, its size in 20 bits', [0x1d, 99, 1, 9]],
    ['Huffman literals of sizes in 10 bits', [0x02, 0x40, 1, ...literals(5)]],
    ['Huffman literals of sizes in 10 bits, in four streams', [0x06, 0x40, 1, ...literals(5)]],
    ['Huffman literals of sizes in 14 bits', [0x0a, 0, 0x14, 0, ...literals(5)]],
    ['Huffman literals of sizes in 18 bits, of the table before', [0x0f, 0, 0x40, 1, 0, ...literals(5)]],
  ])('counts those behind %s', (_what, head) => {
    expect(count(...head, 7)).toBe(7)
    expect(count(...head, 129, 2)).toBe(258)
    expect(count(...head, 255, 2, 1)).toBe(0x7f00 + 258)
    for (let length = 0; length <= head.length; length++)
      expect(() => count(...head.slice(0, length))).toThrow(expect.objectContaining({ code: 'MESSAGE_UNREADABLE' }))
  })

  it('refuses more than a block can hold', () => {
    expect(count(0, 255, 0xaa, 0x2b)).toBe(43_690)
    expect(() => count(0, 255, 0xab, 0x2b)).toThrow(/43691 sequences, more than fit/)
  })
})
