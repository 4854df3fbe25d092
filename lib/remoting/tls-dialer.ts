import { isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import { type ConnectionOptions, type SecureContext, type TLSSocket, connect, createSecureContext } from 'node:tls'
import { RocketMQError, asError } from '../errors'
import { onAbort } from '../runtime/on-abort'
import type { HostPort } from './address'
import type { Dialer } from './dialer'
import { openStream } from './open-stream'
import { tlsFailure } from './tls-failure'

const PEM_CERTIFICATE = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/

/**
 * A dialer that speaks TLS over what another one opens. Certificates and host names are checked unless
 * `rejectUnauthorized` is false; the host is that of the address, unless `servername` says otherwise.
 */
export function tlsDialer(dial: Dialer, options: ConnectionOptions): Dialer {
  const secureContext = contextOf(options)
  return async (target, signal) => {
    const stream = openStream(await dial(target, signal))
    const whole = { ...options, ...hostOptions(target, options), ...guardedCheck(options), secureContext }
    return shakeHands(stream, whole, { target, signal })
  }
}

/** @throws RocketMQError INVALID_ARGUMENT where certificates or keys cannot be read, or do not fit together */
export function checkTlsOptions(options: ConnectionOptions): void {
  const given: unknown = options
  if (typeof given !== 'object' || given === null) {
    throw new RocketMQError('INVALID_ARGUMENT', 'tls must be true, false or options of tls.connect')
  }
  checkAuthorities(options)
  contextOf(options)
}

/** Node passes over what holds no certificate, and then trusts nobody. */
function checkAuthorities({ ca }: ConnectionOptions): void {
  const given: unknown[] = [ca ?? []].flat()
  for (const each of given) {
    const text = each instanceof Uint8Array ? Buffer.from(each).toString('latin1') : String(each)
    if (text === '' || PEM_CERTIFICATE.test(text)) continue
    const says = 'tls.ca holds no certificate in PEM form: give what is in the file, not its path'
    throw new RocketMQError('INVALID_ARGUMENT', says)
  }
}

function contextOf(options: ConnectionOptions): SecureContext {
  if (options.secureContext !== undefined) return options.secureContext
  try {
    return createSecureContext(options)
  } catch (error) {
    const says = `the option tls has certificates or keys that cannot be used: ${asError(error).message}`
    throw new RocketMQError('INVALID_ARGUMENT', says, { cause: error })
  }
}

/** Addresses have no place in the name that is asked for, and are compared with those of the certificate. */
function hostOptions({ host }: HostPort, { servername }: ConnectionOptions): ConnectionOptions {
  if (servername !== undefined) return { host, servername }
  return isIP(host) > 0 ? { host } : { host, servername: host }
}

/** A check of the user's that throws would end the process: Node calls it when bytes come in. */
function guardedCheck({ checkServerIdentity: check }: ConnectionOptions): ConnectionOptions {
  if (check === undefined) return {}
  return {
    checkServerIdentity: (host, cert) => {
      try {
        return check(host, cert)
      } catch (error) {
        return asError(error)
      }
    },
  }
}

function shakeHands(
  stream: Duplex,
  options: ConnectionOptions,
  { target, signal }: { target: HostPort; signal: AbortSignal },
): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = connected(stream, options)
    const settle = (done: () => void): void => {
      signal.removeEventListener('abort', aborted)
      socket.off('error', onError)
      done()
    }
    const give = (error: Error): void => {
      settle(() => reject(error))
      socket.on('error', () => undefined).destroy()
      stream.on('error', () => undefined).destroy()
    }
    const aborted = (): void => give(asError(signal.reason))
    const onError = (error: Error): void => give(tlsFailure(error, target))
    onAbort(signal, aborted)
    socket.once('secureConnect', () => settle(() => resolve(socket)))
    socket.on('error', onError)
    if (signal.aborted) aborted()
  })
}

/** Node throws at options that it cannot use: the connection must not stay behind. */
function connected(stream: Duplex, options: ConnectionOptions): TLSSocket {
  try {
    return connect({ ...options, socket: stream })
  } catch (error) {
    stream.on('error', () => undefined).destroy()
    throw error
  }
}
