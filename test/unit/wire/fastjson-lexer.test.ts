import { FastjsonLexer } from '../../../lib/wire/fastjson-lexer'

describe('FastjsonLexer', () => {
  it('peeks over blanks and comments, and takes nothing until it is told to', () => {
    const lexer = new FastjsonLexer(' /* a */ // b\n { }')
    expect([lexer.peek(), lexer.peek()]).toEqual([0x7b, 0x7b])
    lexer.skip()
    expect(lexer.peek()).toBe(0x7d)
    expect(lexer.atEnd()).toBe(false)
    lexer.skip()
    expect(lexer.atEnd()).toBe(true)
  })

  it('gives equal names however many collide among those it remembers', () => {
    const names = Array.from({ length: 500 }, (_, i) => `a${i.toString(36)}b`)
    const lexer = new FastjsonLexer([...names, ...names].map(name => `"${name}"`).join(''))
    expect([...names, ...names].map(() => lexer.name(0x22))).toEqual([...names, ...names])
  })

  it('tells where it is', () => {
    const lexer = new FastjsonLexer('"text" 12')
    lexer.text(0x22)
    expect(lexer.position).toBe(6)
    expect(lexer.scalar(lexer.peek())).toBe(12)
    expect(lexer.position).toBe(9)
  })
})
