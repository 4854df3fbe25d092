import type { Socket } from 'node:net'
import type { Dialer } from '../../lib/index'
import { dialTcp } from '../../lib/remoting/dialer'

/** All connections of one client: tells how much came over each, and can end them as the end of its process does. */
export class DialedSockets {
  readonly #sockets: { readonly address: string; readonly socket: Socket }[] = []
  #isCut = false

  readonly dialer: Dialer = async (target, signal) => {
    if (this.#isCut) throw new Error('this client is cut off')
    const socket = (await dialTcp(target, signal)) as Socket
    this.#sockets.push({ address: `${target.host}:${target.port}`, socket })
    return socket
  }

  /** Bytes that came from `host:port` so far, over all connections. */
  bytesFrom(address: string): number {
    const sockets = this.#sockets.filter(each => each.address === address)
    return sockets.reduce((sum, { socket }) => sum + socket.bytesRead, 0)
  }

  /** Ends all connections; none can be made any more. */
  cut(): void {
    this.#isCut = true
    for (const { socket } of this.#sockets) socket.resetAndDestroy()
  }
}
