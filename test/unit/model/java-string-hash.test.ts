import { javaHashCode } from '../../../lib/model/java-string-hash'

describe('javaHashCode', () => {
  it.each([
    ['', 0],
    ['a', 97],
    ['TagA', 2598919],
    ['polygenelubricants', -2147483648],
    ['Ünïcode', 1055301514],
    ['😀', 1772899],
    ['订单', 1129459],
  ])('hashes %j as Java does', (text, hash) => {
    expect(javaHashCode(text)).toBe(hash)
  })
})
