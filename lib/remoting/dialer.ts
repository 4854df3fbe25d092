import { type Socket, connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { onAbort } from '../runtime/on-abort'
import type { HostPort } from './address'

/**
 * Opens a connection; resolves when bytes can be written. It must give up, and leave no socket behind, when `signal`
 * is aborted. Names are resolved anew at every call.
 */
export type Dialer = (target: HostPort, signal: AbortSignal) => Promise<Duplex>

/** What one read takes at most; the longest answers to pulls, by default, fit. */
const READ_BYTES = 262_144

/** A plain TCP connection without Nagle's delay. */
export const dialTcp: Dialer = (target, signal) => connected(connect({ ...target, noDelay: true }), signal)

/**
 * As `dialTcp`, but all is read into the same memory: what a chunk holds is there until its `data` listeners return. Spares
 * the making of memory for each read, and takes four times as much at once. Nothing can be laid over such a socket, as TLS.
 */
export const dialTcpReusing: Dialer = (target, signal) => {
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES)
  const callback = (bytes: number): boolean => {
    const chunk = buffer.subarray(0, bytes)
    // Kept by the stream until somebody listens.
    if (socket.listenerCount('data') === 0) return socket.push(Buffer.from(chunk))
    socket.emit('data', chunk)
    return true
  }
  const socket = connect({ ...target, noDelay: true, onread: { buffer, callback } })
  return connected(socket, signal)
}

function connected(socket: Socket, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
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
}
