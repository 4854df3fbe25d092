import { isBlank, javaSplit, javaTrim, parseJavaInt, parseJavaInteger } from '../../../lib/model/java-text'

describe('javaTrim', () => {
  it('strips control characters and spaces from both ends', () => {
    expect(javaTrim('\u0000 \ta b\n ')).toBe('a b')
  })

  it('keeps wide spaces, which JavaScript would strip', () => {
    expect(javaTrim('\u3000a\u00a0')).toBe('\u3000a\u00a0')
  })

  it('makes nothing of white space alone', () => {
    expect(javaTrim(' \t ')).toBe('')
  })
})

describe('javaSplit', () => {
  it.each([
    ['a@b', ['a', 'b']],
    ['a@@b', ['a', '', 'b']],
    ['a@b@@', ['a', 'b']],
    ['@a', ['', 'a']],
    ['@@', []],
    ['', ['']],
    ['a', ['a']],
  ])('cuts %j into %j', (text, parts) => {
    expect(javaSplit(text, '@')).toEqual(parts)
  })
})

describe('isBlank', () => {
  it.each(['', ' ', '\t\r\n', '\u3000', '\u001f'])('takes %j for blank', text => {
    expect(isBlank(text)).toBe(true)
  })

  it.each(['a', ' a ', '\u00a0', '\u0000'])('takes %j for text', text => {
    expect(isBlank(text)).toBe(false)
  })
})

describe('parseJavaInteger', () => {
  it.each([
    ['3', 3],
    ['+3', 3],
    ['-3', -3],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ])('reads %j', (text, value) => {
    expect(parseJavaInteger(text)).toBe(value)
  })

  it.each(['', ' 3', '3.5', '1e3', '0x1', '+'])('does not read %j', text => {
    expect(parseJavaInteger(text)).toBeUndefined()
  })
})

describe('parseJavaInt', () => {
  it('reads the whole 32-bit range and nothing beyond', () => {
    expect([parseJavaInt('2147483647'), parseJavaInt('-2147483648')]).toEqual([2147483647, -2147483648])
    expect([parseJavaInt('2147483648'), parseJavaInt('x')]).toEqual([undefined, undefined])
  })

  it('gives 0 for -0', () => {
    expect(Object.is(parseJavaInt('-0'), 0)).toBe(true)
  })
})
