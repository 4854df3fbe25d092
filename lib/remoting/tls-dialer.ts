import { isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import { type ConnectionOptions, type SecureContext, connect, createSecureContext } from 'node:tls'
import { RocketMQError, asError } from '../errors'
import { onAbort } from '../runtime/on-abort'
import type { HostPort } from './address'
import type { Dialer } from './dialer'
import { tlsFailure } from './tls-failure'

/**
 * A dialer that speaks TLS over what another one opens. Certificates and host names are checked unless
 * `rejectUnauthorized` is false; the host is that of the address, unless `servername` says otherwise.
 */
export function tlsDialer(dial: Dialer, options: ConnectionOptions): Dialer {
  const secureContext = contextOf(options)
  return async (target, signal) => {
    const stream = await dial(target, signal)
    return shakeHands(stream, { ...options, ...hostOptions(target, options), secureContext }, { target, signal })
  }
}

/** @throws RocketMQError INVALID_ARGUMENT where certificates or keys cannot be read, or do not fit together */
export function checkTlsOptions(options: ConnectionOptions): void {
  const given: unknown = options
  if (typeof given !== 'object' || given === null) {
    throw new RocketMQError('INVALID_ARGUMENT', 'tls must be true, false or options of tls.connect')
  }
  contextOf(options)
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

function shakeHands(
  stream: Duplex,
  options: ConnectionOptions,
  { target, signal }: { target: HostPort; signal: AbortSignal },
): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...options, socket: stream })
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
