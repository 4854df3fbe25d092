import { type Server, type Socket, connect, createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { Passage } from './passage'
import type { Weather } from './weather'

/**
 * A port of its own in front of a server: refuses connections until it is opened, and can break those that are open or
 * let them fall silent.
 */
export class Forwarder {
  readonly #target: { readonly host: string; readonly port: number }
  readonly #sockets = new Set<Socket>()
  /** Sockets of clients. */
  readonly #near = new Set<Socket>()
  #port = 0
  #server: Server | undefined
  #silent = false
  /** Connections that were made so far. */
  made = 0
  readonly #weather: Weather

  /** @param target `host:port` of the server */
  constructor(target: string, weather: Weather = {}) {
    this.#weather = weather
    const colon = target.lastIndexOf(':')
    this.#target = { host: target.slice(0, colon), port: Number(target.slice(colon + 1)) }
  }

  /** As it is known once it was open; it stays the same. */
  get address(): string {
    return `127.0.0.1:${this.#port}`
  }

  /** Connections of clients that are open. */
  get openCount(): number {
    return this.#near.size
  }

  async open(): Promise<void> {
    const server = createServer(socket => this.#forward(socket))
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(this.#port, '127.0.0.1', resolve)
    })
    this.#port = (server.address() as AddressInfo).port
    this.#server = server
  }

  /**
   * Ends all connections for their clients alone; the server hears of it when the returned function is called, as it is with
   * a client that has lost its network.
   */
  abandon(): () => void {
    const far = [...this.#sockets].filter(socket => !this.#near.has(socket))
    for (const socket of this.#near) socket.removeAllListeners('close').destroy()
    for (const socket of this.#near) this.#sockets.delete(socket)
    this.#near.clear()
    return () => far.forEach(socket => socket.destroy())
  }

  /** Resets all connections. */
  break(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy()
  }

  /** Nothing gets through any more, and nobody is told. */
  fallSilent(): void {
    this.#silent = true
    this.freeze()
  }

  /** Nothing gets through any more on the connections that there are, and nobody is told; others can be made. */
  freeze(): void {
    for (const socket of this.#sockets) socket.pause()
  }

  /** What has waited goes through now. */
  speakAgain(): void {
    this.#silent = false
    for (const socket of this.#sockets) socket.resume()
  }

  async close(): Promise<void> {
    const server = this.#server
    if (server === undefined) return
    this.#server = undefined
    const closed = new Promise(resolve => server.close(resolve))
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  #forward(near: Socket): void {
    const far = connect(this.#target)
    this.made++
    this.#near.add(near)
    const reset = (): void => [near, far].forEach(socket => socket.resetAndDestroy())
    const how = { weather: this.#weather, reset }
    this.#join(near, far, new Passage(far, 'requests', how))
    this.#join(far, near, new Passage(near, 'replies', how))
  }

  #join(from: Socket, to: Socket, passage: Passage): void {
    this.#sockets.add(from)
    from.setNoDelay(true)
    from.on('data', chunk => passage.carry(chunk))
    from.on('error', () => undefined)
    from.on('close', () => {
      this.#sockets.delete(from)
      this.#near.delete(from)
      to.destroy()
    })
    if (this.#silent) from.pause()
  }
}
