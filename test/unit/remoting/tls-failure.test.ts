import { tlsFailure, tlsReason } from '../../../lib/remoting/tls-failure'

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

describe('tlsReason', () => {
  it.each([
    ['ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR', 'it may not trust the certificate in tls.cert'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'the server wants a certificate of the client'],
    ['ERR_SSL_SOMETHING_NEW', 'something new (ERR_SSL_SOMETHING_NEW)'],
  ])("leaves OpenSSL's places out of %s", (code, words) => {
    const error = Object.assign(new Error('80:error:0A00:SSL routines:x:something new:rec_layer_s3.c:1601:\n'), {
      code,
      reason: 'something new',
    })
    expect(tlsReason(error)).toContain(words)
    expect(tlsReason(error)).not.toContain('rec_layer')
  })

  it('gives the words of any other error', () => {
    expect(tlsReason(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }))).toBe('read ECONNRESET')
  })
})
