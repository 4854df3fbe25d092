import { inspect } from 'node:util'
import { Secret } from '../../../lib/client/secret'

describe('Secret', () => {
  it('gives back what was given, and shows it to nobody else', () => {
    const given = { secretKey: 'the-secret' }
    const secret = new Secret(given)
    expect(secret.reveal()).toBe(given)
    const shown = [inspect(secret, { depth: null, showHidden: true }), inspect({ secret }), JSON.stringify({ secret })]
    expect(shown.join()).not.toContain('the-secret')
    expect(`${JSON.stringify(secret)}`).toBe('"[secret]"')
  })

  it('equals one with the same fields', () => {
    expect(new Secret({ a: 1, b: 'x' }).equals(new Secret({ b: 'x', a: 1 }))).toBe(true)
    expect(new Secret({ a: 1 }).equals(new Secret({ a: 2 }))).toBe(false)
    expect(new Secret({ a: 1 }).equals(new Secret({ a: 1, b: undefined }))).toBe(false)
    expect(new Secret({ a: 1 }).equals({ a: 1 })).toBe(false)
  })

  it('equals one of the same function, and no other', () => {
    const provider = (): number => 1
    expect(new Secret(provider).equals(new Secret(provider))).toBe(true)
    expect(new Secret(provider).equals(new Secret((): number => 1))).toBe(false)
  })
})
