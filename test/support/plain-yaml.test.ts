import { readPlainYaml } from './plain-yaml'

describe('readPlainYaml', () => {
  it('reads mappings, lists, plain and quoted scalars', () => {
    const source = "# head\na:\n  b: one two\n  c:\n    - 'x:1:2'\n    - ./y:/z\n\n  d: -Xmx1m\ne: '5.5.0'\n"
    expect(readPlainYaml(source)).toEqual({ a: { b: 'one two', c: ['x:1:2', './y:/z'], d: '-Xmx1m' }, e: '5.5.0' })
  })

  it.each([
    ['a flow list', 'a: [1, 2]'],
    ['a flow mapping', 'a: {b: 1}'],
    ['an anchor', 'a: &x y'],
    ['an alias', 'a: *x'],
    ['a block scalar', 'a: |\n  text'],
    ['a double-quoted scalar', 'a: "b"'],
    ['a comment after a value', 'a: b # c'],
    ['a mapping within a scalar', 'a: b: c'],
    ['a repeated key', 'a: b\na: c'],
    ['a key without a value', 'a:\nb: c'],
    ['a value twice', 'a: b\n  c: d'],
    ['a wrong indentation', 'a:\n    b: c\n  d: e'],
    ['an item in a mapping', 'a: b\n- c'],
    ['a mapping in a list', 'a:\n  - b: c'],
    ['nothing at all', '# empty'],
  ])('refuses %s', (_, source) => {
    expect(() => readPlainYaml(source)).toThrow()
  })

  it('names the line it refuses', () => {
    expect(() => readPlainYaml('a: b\n# note\nc: [d]')).toThrow('line 3')
  })
})
