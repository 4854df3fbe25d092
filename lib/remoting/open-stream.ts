import type { Duplex } from 'node:stream'

const METHODS = ['on', 'once', 'write', 'end', 'destroy'] as const

/**
 * What a dialer gave, where it is a stream that bytes can be written to. Else nobody would ever hear of its end.
 * @throws Error that says what it is instead
 */
export function openStream(given: unknown): Duplex {
  const stream = given as Partial<Duplex> | null | undefined
  if (!METHODS.every(method => typeof stream?.[method] === 'function'))
    throw new Error('the dialer gave no stream: it must resolve with a Duplex, such as a net.Socket')
  const { destroyed, readable, writable } = stream as Duplex
  if (!destroyed && readable && writable) return stream as Duplex
  ;(stream as Duplex).destroy()
  throw new Error('the dialer gave a stream that is closed already')
}
