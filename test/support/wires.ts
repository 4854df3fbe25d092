import { connect } from 'node:net'
import type { Dialer } from '../../lib/index'
import { Forwarder } from './forwarder'
import type { Weather } from './weather'

/** Leads every connection to a broker through a forwarder of the test. */
export class Wires {
  /** On all of them. */
  readonly weather: Weather = {}
  readonly #byTarget = new Map<string, Promise<Forwarder>>()

  readonly dialer: Dialer = async ({ host, port }, signal) => {
    const forwarder = await this.#to(`${host}:${port}`)
    signal.throwIfAborted()
    const socket = connect({ host: '127.0.0.1', port: Number(forwarder.address.split(':')[1]), noDelay: true })
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
    return socket
  }

  async each(act: (forwarder: Forwarder) => void): Promise<void> {
    for (const forwarder of await Promise.all(this.#byTarget.values())) act(forwarder)
  }

  #to(target: string): Promise<Forwarder> {
    let known = this.#byTarget.get(target)
    if (known === undefined) this.#byTarget.set(target, (known = this.#open(target)))
    return known
  }

  async #open(target: string): Promise<Forwarder> {
    const forwarder = new Forwarder(target, this.weather)
    await forwarder.open()
    return forwarder
  }

  /** Connections that are open, and those that were made so far. */
  async connections(): Promise<{ open: number; made: number }> {
    const all = await Promise.all(this.#byTarget.values())
    const sum = (count: (forwarder: Forwarder) => number): number => all.reduce((total, each) => total + count(each), 0)
    return { open: sum(each => each.openCount), made: sum(each => each.made) }
  }

  async close(): Promise<void> {
    for (const forwarder of await Promise.all(this.#byTarget.values())) await forwarder.close()
  }
}
