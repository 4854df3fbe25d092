import { checkCredentials, expiryOf } from '../../../lib/remoting/credentials'

const KEYS = { accessKey: 'AK', secretKey: 'the-secret' }

describe('checkCredentials', () => {
  it('takes keys, with a token and an end where they have one', () => {
    expect(() => checkCredentials(KEYS)).not.toThrow()
    expect(() => checkCredentials({ ...KEYS, securityToken: 't', expiresAt: new Date(5) })).not.toThrow()
  })

  it.each([
    [undefined, 'credentials must be'],
    ['the-secret', 'credentials must be'],
    [{ ...KEYS, accessKey: '' }, 'credentials.accessKey'],
    [{ ...KEYS, secretKey: 5 }, 'credentials.secretKey'],
    [{ ...KEYS, securityToken: '' }, 'credentials.securityToken'],
    [{ ...KEYS, expiresAt: 'soon' }, 'credentials.expiresAt'],
  ])('refuses %j, names the field and not the value', (given, words) => {
    let error: unknown
    try {
      checkCredentials(given)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' })
    expect(String(error)).toContain(words)
    expect(String(error)).not.toContain('the-secret')
  })
})

describe('expiryOf', () => {
  it('is never for keys without an end', () => {
    expect(expiryOf(KEYS)).toBe(Infinity)
    expect(expiryOf({ ...KEYS, expiresAt: new Date(5) })).toBe(5)
    expect(expiryOf({ ...KEYS, expiresAt: 6 })).toBe(6)
  })
})
