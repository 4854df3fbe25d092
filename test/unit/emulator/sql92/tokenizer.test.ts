import fc from '../../../support/property'
import { Tokenizer } from '../../../../lib/emulator/sql92/tokenizer'
import { RocketMQError } from '../../../../lib/errors'

function tokensOf(text: string, textOperators = true): string[] {
  const tokenizer = new Tokenizer(text, textOperators)
  const tokens: string[] = []
  for (let token = tokenizer.next(); token.kind !== 'end'; token = tokenizer.next())
    tokens.push(token.kind === token.text ? token.kind : `${token.kind} ${token.text}`)
  return tokens
}

describe('Tokenizer', () => {
  it.each([
    ['', []],
    [' \t\r\n\f', []],
    ['a <> 5', ['name a', '<>', 'integer 5']],
    ['a>=5', ['name a', '>=', 'integer 5']],
    ['a<=-5', ['name a', '<=', '-', 'integer 5']],
    ['$a_1 IS null', ['name $a_1', 'IS', 'NULL null']],
    ['isNull', ['name isNull']],
    ["a IN('x','y')", ['name a', 'IN', '(', 'string x', ',', 'string y', ')']],
    ['5L 5l 0L 05', ['integer 5', 'integer 5', 'integer 0', 'name L', 'integer 0', 'integer 5']],
    ['5. .5 5.5e-3 05e2 5e', ['float 5.', 'float .5', 'float 5.5e-3', 'float 05e2', 'integer 5', 'name e']],
    ["'it''s' ''", ["string it's", 'string ']],
    ['a--b\n c', ['name a', 'name c']],
    ['a--b\r\n', ['name a']],
    ['a--b', ['name a', '-', '-', 'name b']],
    ['a/* - * / */b', ['name a', 'name b']],
    ['a/**/b/***/c', ['name a', 'name b', 'name c']],
  ])('cuts %j', (text, tokens) => {
    expect(tokensOf(text)).toEqual(tokens)
  })

  it('knows CONTAINS, STARTSWITH and ENDSWITH where it is told to', () => {
    expect(tokensOf('contains StartsWith ENDSWITH')).toEqual(['CONTAINS contains', 'STARTSWITH StartsWith', 'ENDSWITH'])
    expect(tokensOf('contains StartsWith ENDSWITH', false)).toEqual([
      'name contains',
      'name StartsWith',
      'name ENDSWITH',
    ])
  })

  it.each([
    ['a != 5', "'!' at 2"],
    ['a = "x"', "'\"' at 4"],
    ['杭州', "'杭' at 0"],
    ['a = .', "'.' at 4"],
    ['a\u000bb', 'at 1'],
    ["a = 'x", 'text at 4 has no closing quote'],
    ['a /* b', 'comment at 2 has no end'],
    ['a /*/', 'comment at 2 has no end'],
  ])('refuses %j', (text, says) => {
    expect(() => tokensOf(text)).toThrow(says)
  })

  it('ends an unclosed text at its last doubled quote, as the parser of the brokers does', () => {
    const tokenizer = new Tokenizer("'a''b''c", true)
    expect(tokenizer.next()).toEqual({ kind: 'string', text: "a'b", at: 0 })
    expect(() => tokenizer.next()).toThrow('no closing quote')
  })

  it('looks at nothing before it is asked for it', () => {
    const tokenizer = new Tokenizer('a ; b', true)
    expect(tokenizer.next()).toEqual({ kind: 'name', text: 'a', at: 0 })
  })

  it('ends, whatever the text is, with typed errors only', () => {
    const pieces = fc.constantFrom(
      "'",
      "''",
      '--',
      '/*',
      '*/',
      '\n',
      '0',
      '.',
      'e',
      'L',
      ' ',
      '<',
      '=',
      'a',
      'é',
      '$',
      '-',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(pieces).map(each => each.join('')),
        ),
        text => {
          try {
            expect(tokensOf(text).length).toBeLessThanOrEqual(text.length)
          } catch (error) {
            expect(RocketMQError.is(error) && error.code).toBe('INVALID_EXPRESSION')
          }
        },
      ),
    )
  })
})
