import type { Duplex } from 'node:stream'
import { RocketMQError, asError } from '../errors'
import type { Clock } from '../runtime/clock'
import { withDeadline } from '../runtime/deadline'
import { onAbort } from '../runtime/on-abort'
import { backoffMs } from '../runtime/random'
import { type HostPort, parseAddress } from './address'
import { Channel, type ChannelOptions } from './channel'
import type { Dialer } from './dialer'
import { openStream } from './open-stream'

/** What a link is made of. */
export interface LinkOptions {
  readonly address: string
  readonly dial: Dialer
  readonly connectTimeoutMs: number
  readonly clock: Clock
  /** All that a channel needs besides its address and the news of its end. */
  readonly channel: Omit<ChannelOptions, 'address' | 'onClosed'>
  /** `reconnected` is false for the first channel of the link. */
  readonly onOpened: (channel: Channel, reconnected: boolean) => void
  readonly onClosed: (channel: Channel, error: RocketMQError | undefined) => void
}

const BACKOFF_FIRST_MS = 100
const BACKOFF_LAST_MS = 2000
/** Brokers close a socket that is silent for 120 s; an older one is replaced before it is used. */
const STALE_MS = 100_000
/** So many channels of servers that go away are replaced in a second. */
const REPLACED_PER_SECOND = 10

/** The lasting link to one address: at most one open channel, opened on demand and anew after it closed. */
export class Link {
  /** `host:port` of the peer. */
  readonly address: string
  readonly #options: LinkOptions
  readonly #target: HostPort
  readonly #closing = new AbortController()
  readonly #draining = new Set<Channel>()
  #channel: Channel | undefined
  #opening: Promise<Channel> | undefined
  #opened = false
  #failures = 0
  #notBefore = -Infinity
  /** Channels replaced in the second that began then. */
  #replaced = { since: -Infinity, count: 0 }

  /** @throws RocketMQError INVALID_ARGUMENT where the address is none */
  constructor(options: LinkOptions) {
    this.address = options.address
    this.#options = options
    this.#target = parseAddress(options.address)
  }

  /** The open channel, if there is one now. */
  get channel(): Channel | undefined {
    return this.#channel
  }

  /** True once it takes no more callers. */
  get closed(): boolean {
    return this.#closing.signal.aborted
  }

  /** The open channel, or a new one; callers that wait at the same time share one attempt. */
  ready(timeoutMs: number, signal?: AbortSignal): Promise<Channel> {
    if (this.#channel !== undefined && this.#channel.idleMs > STALE_MS) this.retire(this.#channel)
    if (this.#channel !== undefined) return Promise.resolve(this.#channel)
    this.#opening ??= this.#open().finally(() => (this.#opening = undefined))
    return withDeadline(this.#opening, {
      clock: this.#options.clock,
      timeoutMs,
      signal,
      onTimeout: () => this.#failure(`no connection within ${Math.round(timeoutMs)} ms`),
    })
  }

  /** Lets a channel finish what waits on it; the next caller gets a new one. */
  retire(channel: Channel): void {
    if (this.#channel === channel) this.#channel = undefined
    this.#draining.add(channel)
    void channel.drain()
  }

  /**
   * Retires a channel whose server is going away. False where that has happened too often within a second: the channel then
   * stays, or a server that says so to everyone until it is gone would be connected to without end.
   */
  replace(channel: Channel): boolean {
    if (this.#channel === channel && !this.#mayReplace()) return false
    this.retire(channel)
    return true
  }

  /** Takes no more callers, waits up to `timeoutMs` for what is pending and closes. */
  async close(timeoutMs: number): Promise<void> {
    this.#closing.abort(new RocketMQError('CHANNEL_CLOSED', `the link to ${this.address} is closed`, { sent: 'NO' }))
    if (this.#channel !== undefined) this.retire(this.#channel)
    const channels = [...this.#draining]
    const drained = Promise.all(channels.map(channel => channel.drain()))
    await withDeadline(drained, {
      clock: this.#options.clock,
      timeoutMs,
      onTimeout: () => new RocketMQError('SHUTDOWN_INCOMPLETE', `requests to ${this.address} were still waiting`),
    }).catch(() => channels.forEach(channel => channel.close()))
  }

  #mayReplace(): boolean {
    const now = this.#options.clock.monotonic()
    if (now - this.#replaced.since >= 1000) this.#replaced = { since: now, count: 0 }
    return ++this.#replaced.count <= REPLACED_PER_SECOND
  }

  async #open(): Promise<Channel> {
    const { clock } = this.#options
    try {
      const wait = this.#notBefore - clock.monotonic()
      if (wait > 0) await clock.sleep(wait, this.#closing.signal)
      const socket = await this.#dial()
      if (this.closed) {
        socket.destroy()
        throw this.#closing.signal.reason
      }
      const channel = this.#adopt(socket)
      this.#failures = 0
      return channel
    } catch (error) {
      if (this.closed) throw this.#closing.signal.reason
      this.#notBefore = clock.monotonic() + backoffMs(this.#failures++, BACKOFF_FIRST_MS, BACKOFF_LAST_MS)
      throw this.#failure(reasonOf(asError(error)), error)
    }
  }

  async #dial(): Promise<Duplex> {
    const { clock, dial, connectTimeoutMs } = this.#options
    const abort = new AbortController()
    const give = (reason: Error): void => abort.abort(reason)
    const onClosing = (): void => give(this.#closing.signal.reason as Error)
    const timer = clock.after(connectTimeoutMs, () => give(new Error(`no connection within ${connectTimeoutMs} ms`)))
    onAbort(this.#closing.signal, onClosing)
    try {
      if (this.closed) onClosing()
      return openStream(await unlessAborted(dial(this.#target, abort.signal), abort.signal))
    } finally {
      timer.cancel()
      this.#closing.signal.removeEventListener('abort', onClosing)
    }
  }

  #adopt(socket: Duplex): Channel {
    const { channel: shared, onOpened } = this.#options
    const channel = new Channel(socket, {
      ...shared,
      address: this.address,
      onClosed: (closed, error) => this.#onClosed(closed, error),
    })
    this.#channel = channel
    onOpened(channel, this.#opened)
    this.#opened = true
    return channel
  }

  #onClosed(channel: Channel, error: RocketMQError | undefined): void {
    if (this.#channel === channel) this.#channel = undefined
    this.#draining.delete(channel)
    this.#options.onClosed(channel, error)
  }

  #failure(reason: string, cause?: unknown): RocketMQError {
    const message = `cannot connect to ${this.address}: ${reason}`
    return new RocketMQError('CONNECT_FAILED', message, { address: this.address, sent: 'NO', cause })
  }
}

/** Dialers are the user's: one that does not heed its signal must not hold up the next attempt, and what comes late is closed. */
function unlessAborted(dialed: Promise<Duplex>, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    onAbort(signal, () => reject(signal.reason as Error))
    if (signal.aborted) reject(signal.reason as Error)
    Promise.resolve(dialed)
      .then(socket => {
        if (signal.aborted)
          openStream(socket)
            .on('error', () => undefined)
            .destroy()
        resolve(socket)
      })
      .catch(reject)
  })
}

/** Node tells the failures of several addresses of one name by an error without words of its own. */
function reasonOf(error: Error): string {
  if (error.message !== '') return error.message
  const { errors = [] } = error as { errors?: readonly unknown[] }
  return errors.map(each => asError(each).message).join('; ') || error.name
}
