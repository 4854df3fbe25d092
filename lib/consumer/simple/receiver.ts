import type { ClientInstance } from '../../client/client-instance'
import { RocketMQError, asError } from '../../errors'
import type { MessageQueue } from '../../model/message-queue'
import { abortReason } from '../../runtime/clock'
import { PendingWork } from '../../runtime/pending-work'
import { backoffMs } from '../../runtime/random'
import { withDeadline } from '../../runtime/deadline'
import type { StoredMessage } from '../../wire/stored-message'
import { asTyped } from '../as-typed'
import type { FilterMessages } from '../message-filter'
import type { PopPlace, PopRequests } from '../pop/pop-requests'
import type { Subscriptions } from '../rebalance/subscriptions'
import type { Arrivals } from '../pop/arrivals'
import type { ResolvedReceiveOptions } from './simple-consumer-options'

export interface ReceiverOptions {
  readonly client: Pick<ClientInstance, 'clock' | 'log' | 'routes'>
  readonly consumerGroup: string
  readonly subscriptions: Pick<Subscriptions, 'topics' | 'get'>
  readonly fromFirst: boolean
  readonly requests: Pick<PopRequests, 'pop'>
  readonly arrivals: Pick<Arrivals, 'any'>
  /** What the user's filters leave of messages. */
  readonly filter: FilterMessages | undefined
  /** To be acknowledged though nobody sees them. */
  readonly onUnwanted: (messages: readonly StoredMessage[]) => void
  /** To be given to others: whoever wanted them has gone. */
  readonly onAbandoned: (messages: readonly StoredMessage[]) => Promise<void>
  readonly onBackgroundError: (error: RocketMQError) => void
}

/** One call of `receive`. */
interface Reception extends ResolvedReceiveOptions {
  readonly endsAt: number
  readonly signal: AbortSignal
  /** Set when nobody waits for the outcome any more. */
  givenUp: boolean
}

/** Any queue of a broker. */
const ANY_QUEUE = -1
/** A pop that a broker does not answer holds a call up for this long beyond its time. */
const LATE_MS = 15_000
const REST_FIRST_MS = 20
const REST_LAST_MS = 1000

/** Pops from one broker and topic after the other, in rotation, until one has messages. */
export class Receiver {
  readonly #options: ReceiverOptions
  readonly #receptions = new PendingWork()
  #turn = 0

  constructor(options: ReceiverOptions) {
    this.#options = options
  }

  /** Calls under way. */
  get waiting(): number {
    return this.#receptions.size
  }

  /**
   * Messages of one place, or none when the time is over.
   * @throws RocketMQError TOPIC_NOT_FOUND where no topic has a broker; the last failure where no broker can be asked
   */
  async receive(options: ResolvedReceiveOptions, signal: AbortSignal): Promise<readonly StoredMessage[]> {
    if (signal.aborted) throw abortReason(signal)
    const { clock } = this.#options.client
    const reception: Reception = {
      ...options,
      endsAt: clock.monotonic() + options.awaitDurationMs,
      signal,
      givenUp: false,
    }
    const work = this.#receive(reception)
    void this.#receptions.add(work)
    const timeoutMs = Math.min(options.awaitDurationMs + LATE_MS, 0x7fffffff)
    const onTimeout = (): RocketMQError => {
      const says = `no broker answered the pops of group ${this.#options.consumerGroup} within ${timeoutMs} ms`
      return new RocketMQError('REQUEST_TIMEOUT', says, { group: this.#options.consumerGroup })
    }
    try {
      return await withDeadline(work, { clock, timeoutMs, signal, onTimeout })
    } catch (error) {
      reception.givenUp = true
      throw error
    }
  }

  /** Resolves when no pop is under way any more. */
  settled(): Promise<void> {
    return this.#receptions.settled()
  }

  async #receive(reception: Reception): Promise<readonly StoredMessage[]> {
    const { client, arrivals } = this.#options
    const { endsAt, signal } = reception
    for (let empty = 0; ; empty++) {
      const places = await this.#places()
      const found = await this.#sweep(places, reception)
      const leftMs = endsAt - client.clock.monotonic()
      if (found.length > 0 || leftMs <= 0 || signal.aborted) return found
      // What a broker had may have gone to others, again and again.
      const restMs = empty === 0 ? 0 : Math.min(leftMs, backoffMs(empty, REST_FIRST_MS, REST_LAST_MS))
      if (restMs > 0) await client.clock.sleep(restMs, signal)
      await arrivals.any(places, Math.max(0, endsAt - client.clock.monotonic()), signal)
    }
  }

  /** Asks one place after the other, beginning with another one each time. */
  async #sweep(places: readonly PopPlace[], reception: Reception): Promise<readonly StoredMessage[]> {
    const first = this.#turn++
    const failures: Error[] = []
    for (let i = 0; i < places.length; i++) {
      if (reception.signal.aborted) return []
      const place = places[(first + i) % places.length] as PopPlace
      try {
        const found = await this.#pop(place, reception)
        if (found.length > 0) return found
      } catch (error) {
        failures.push(asError(error))
        this.#noteFailure(place.queue, error)
      }
    }
    const [failure] = failures
    const isOver = this.#options.client.clock.monotonic() >= reception.endsAt
    if (failure !== undefined && failures.length === places.length && (isOver || !isRetriable(failure))) throw failure
    return []
  }

  async #pop(place: PopPlace, reception: Reception): Promise<readonly StoredMessage[]> {
    const { requests, fromFirst, filter, onUnwanted, onAbandoned, onBackgroundError } = this.#options
    const { maxMessages: maxNums, invisibleDurationMs: invisibleMs } = reception
    const { messages, unwanted, damage } = await requests.pop({ ...place, maxNums, invisibleMs, fromFirst })
    if (damage !== undefined) onBackgroundError(damage)
    const left = filter?.(messages, place.queue) ?? messages
    const passed = [...unwanted, ...messages.filter(message => !left.includes(message))]
    if (passed.length > 0) onUnwanted(passed)
    const readable = left.filter(({ unreadable }) => unreadable === undefined)
    for (const { unreadable } of messages) if (unreadable !== undefined) onBackgroundError(unreadable)
    if (!reception.givenUp && !reception.signal.aborted) return readable
    await onAbandoned(readable)
    return []
  }

  /** All brokers of all topics. */
  async #places(): Promise<PopPlace[]> {
    const { subscriptions, consumerGroup } = this.#options
    const { topics } = subscriptions
    if (topics.length === 0) {
      const says = `consumer ${consumerGroup} has no subscription: call subscribe() before receive()`
      throw new RocketMQError('INVALID_STATE', says, { group: consumerGroup })
    }
    const places = (await Promise.all(topics.map(topic => this.#placesOf(topic)))).flat()
    if (places.length > 0) return places
    const says = `no name server knows a broker with ${topics.join(', ')}: nothing can be received until there is one`
    throw new RocketMQError('TOPIC_NOT_FOUND', says, { topic: topics[0] as string, group: consumerGroup })
  }

  async #placesOf(topic: string): Promise<PopPlace[]> {
    const { subscriptions, client } = this.#options
    if (client.routes.get(topic) === undefined) await client.routes.refresh(topic)
    const subscription = subscriptions.get(topic)
    if (subscription === undefined) return []
    const names = new Set(client.routes.subscribeQueues(topic).map(({ brokerName }) => brokerName))
    return Array.from(names, brokerName => ({
      queue: { topic, brokerName, queueId: ANY_QUEUE },
      subscription,
      order: false,
    }))
  }

  #noteFailure({ topic, brokerName }: MessageQueue, error: unknown): void {
    const { client, onBackgroundError } = this.#options
    client.log.warn('a pop failed', { topic, brokerName, error })
    onBackgroundError(asTyped(error, `popping ${topic} from ${brokerName} failed`, { topic, brokerName }))
  }
}

function isRetriable(error: Error): boolean {
  return RocketMQError.is(error) && error.retriable
}
