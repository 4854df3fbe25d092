import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { onAbort } from '../runtime/on-abort'
import type { HostPort } from './address'

/**
 * Opens a connection; resolves when bytes can be written. It must give up, and leave no socket behind, when `signal`
 * is aborted. Names are resolved anew at every call.
 */
export type Dialer = (target: HostPort, signal: AbortSignal) => Promise<Duplex>

/** A plain TCP connection without Nagle's delay. */
export const dialTcp: Dialer = ({ host, port }, signal) =>
  new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true })
    const settle = (done: () => void): void => {
      signal.removeEventListener('abort', aborted)
      socket.removeAllListeners('error')
      done()
    }
    const aborted = (): void => {
      settle(() => reject(signal.reason as Error))
      socket.on('error', () => undefined).destroy()
    }
    onAbort(signal, aborted)
    socket.once('connect', () => settle(() => resolve(socket)))
    socket.once('error', error => settle(() => reject(error)))
    if (signal.aborted) aborted()
  })
