import { tlsFailure } from '../../../lib/remoting/tls-failure'

const TARGET = { host: '::1', port: 10911 }

describe('tlsFailure', () => {
  it('names the address, the reason and the code, and keeps the cause', () => {
    const cause = Object.assign(new Error('certificate has expired'), { code: 'CERT_HAS_EXPIRED' })
    const error = tlsFailure(cause, TARGET)
    expect(error.message).toBe(
      'TLS with [::1]:10911 failed: the certificate has expired: renew it on the server (CERT_HAS_EXPIRED)',
    )
    expect(error.cause).toBe(cause)
  })

  it("leaves what it does not know in Node's own words", () => {
    expect(tlsFailure(new Error('strange'), TARGET).message).toBe('TLS with [::1]:10911 failed: strange')
  })
})
