import { knownLanguage, LANGUAGES, languageCode, languageOfCode } from '../../../lib/wire/language'

describe('languages', () => {
  it('have the codes of Java', () => {
    expect(['JAVA', 'CPP', 'OTHER', 'GO', 'RUST', 'NODE_JS'].map(languageCode)).toEqual([0, 1, 7, 9, 12, 13])
    expect(LANGUAGES.map(name => languageOfCode(languageCode(name)))).toEqual([...LANGUAGES])
  })

  it('travel as OTHER where they have no code, and are none where the code has no name', () => {
    expect(languageCode('KLINGON')).toBe(7)
    expect(languageOfCode(14)).toBeUndefined()
    expect(knownLanguage('KLINGON')).toBeUndefined()
    expect(knownLanguage('GO')).toBe('GO')
  })
})
