import { signature, signedNames, signedText } from '../../../lib/remoting/signature'

describe('signature', () => {
  it('is the HMAC-SHA1 of text and body, as Java makes it', () => {
    expect(signature('12345678', 'a', undefined)).toBe('zEVQuiyg3ka6rjeRMW4FEwuIEuQ=')
    expect(signature('12345678', '', Buffer.from('a'))).toBe('zEVQuiyg3ka6rjeRMW4FEwuIEuQ=')
  })

  it('wants a key', () => {
    expect(() => signature('', 'a', undefined)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  })

  it('takes names by UTF-16 units, without the signature itself', () => {
    expect(
      signedNames({ b: '1', Signature: 's', '\uffee': '2', '\u{1f600}': '3', _: '4', B: '5', '10': '6', '9': '7' }),
    ).toEqual(['10', '9', 'B', '_', 'b', '\u{1f600}', '\uffee'])
  })

  it('joins values with nothing between them', () => {
    expect(signedText({ a: '1', b: '', c: '3' }, ['c', 'b', 'a'])).toBe('31')
  })
})
