import { type HostPort, formatAddress } from './address'

const UNKNOWN_AUTHORITY =
  'no authority that is trusted here has signed the certificate: give that of its authority in tls.ca'
const EXPIRED = 'the certificate has expired: renew it on the server'
const NOT_TRUSTED = 'the server does not trust the certificate in tls.cert'
const CUT_OFF = 'the server closed the connection in the handshake: it may not speak TLS, or want tls.cert and tls.key'
const NO_TLS = 'the server does not speak TLS: give the port that does, or leave the option tls out'

/** What Node's and OpenSSL's codes mean for who has set the options. */
const REASONS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: EXPIRED,
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: 'the server says that the certificate in tls.cert has expired',
  CERT_NOT_YET_VALID: 'the certificate is not valid yet: compare the clocks',
  DEPTH_ZERO_SELF_SIGNED_CERT: UNKNOWN_AUTHORITY,
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_AUTHORITY,
  CERT_REVOKED: 'the certificate was revoked',
  ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NO_TLS,
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'the server offers no TLS version that tls.minVersion allows',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'the server takes no TLS version that tls.minVersion and tls.maxVersion allow',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'the server wants a certificate of the client: give tls.cert and tls.key',
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: 'the server ended the handshake: it may want tls.cert and tls.key',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: NOT_TRUSTED,
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: NOT_TRUSTED,
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: NOT_TRUSTED,
  // What Java servers say of a certificate that their authority has not signed.
  ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR:
    'the server failed in the handshake: it may not trust the certificate in tls.cert',
}

/** The error of a handshake in words that name the cure; the cause is Node's own. */
export function tlsFailure(error: Error, target: HostPort): Error {
  const { code } = error as NodeJS.ErrnoException
  const here = code === 'ECONNRESET' ? CUT_OFF : code === 'ERR_TLS_CERT_ALTNAME_INVALID' ? wrongHost(error, target) : ''
  const says = here === '' ? tlsReason(error) : `${here} (${code})`
  return new Error(`TLS with ${formatAddress(target)} failed: ${says}`, { cause: error })
}

/** The reason of a failure in words that name the cure, with the code; else the error's own words, without OpenSSL's places. */
export function tlsReason(error: Error): string {
  const { code = '', reason } = error as NodeJS.ErrnoException & { reason?: unknown }
  const known = REASONS[code]
  if (known !== undefined) return `${known} (${code})`
  return code.startsWith('ERR_SSL_') && typeof reason === 'string' ? `${reason} (${code})` : error.message
}

function wrongHost(error: Error, { host }: HostPort): string {
  const { cert } = error as { cert?: { subjectaltname?: string; subject?: { CN?: string } } }
  const names = cert?.subjectaltname ?? cert?.subject?.CN ?? 'none'
  return `the certificate is of another host (${names}): connect by such a name instead of ${host}, or give it in tls.servername`
}
