import { crc32 } from '../../../lib/wire/crc32'

describe('crc32', () => {
  it.each([
    ['hello', 907060870],
    ['你好', 1352841281],
    ['', 0],
  ])('of %j is %i, with the top bit cleared', (text, expected) => expect(crc32(Buffer.from(text))).toBe(expected))
})
