import { xxh32 } from '../../../lib/wire/xxh32'

/** The published test values of XXH32 with seed 0. */
describe('xxh32', () => {
  it.each([
    ['', 0x02cc5d05],
    ['a', 0x550d7456],
    ['abc', 0x32d153ff],
    ['Nobody inspects the spammish repetition', 0xe2293b2f],
    ['0123456789abcdef', 0xc2c45b69],
  ])('of %j is %i', (text, expected) => {
    const source = Buffer.from(`<${text}>`)
    expect(xxh32(source, 1, source.length - 1)).toBe(expected)
  })
})
