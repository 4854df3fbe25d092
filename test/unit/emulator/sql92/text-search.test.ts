import fc from '../../../support/property'
import { textSearch } from '../../../../lib/emulator/sql92/text-search'

describe('textSearch', () => {
  it('finds what is there and nothing else, short or long', () => {
    const few = fc.string({ unit: fc.constantFrom('a', 'b', '杭'), maxLength: 60 })
    fc.assert(
      fc.property(few, few, few, (before, needle, after) => {
        expect(textSearch(needle)(before + needle + after)).toBe(true)
        expect(textSearch(needle)(before + after)).toBe((before + after).includes(needle))
      }),
    )
  })

  it('finds a long text that begins anew within a beginning of itself', () => {
    const needle = `${'a'.repeat(40)}b`
    expect(textSearch(needle)(`${'a'.repeat(100)}b`)).toBe(true)
    expect(textSearch(needle)('a'.repeat(100))).toBe(false)
  })

  it('looks at each character a few times at most where every beginning nearly matches', () => {
    let looks = 0
    const text = {
      length: 200_000,
      charCodeAt: (at: number) => (looks++, at % 2_000 === 1_999 ? 98 : 97),
    }
    const needle = `${'a'.repeat(1_999)}c`
    expect(textSearch(needle)(text as unknown as string)).toBe(false)
    expect(looks).toBeLessThanOrEqual(2 * text.length)
  })
})
