import type { ClientInstance } from '../../client/client-instance'
import type { RocketMQError } from '../../errors'
import type { SubscriptionData } from '../../model/consumer-types'
import { backoffMs } from '../../runtime/random'
import { withAnySignal } from '../../runtime/any-signal'
import type { Gate } from '../../runtime/gate'
import type { FilterMessages } from '../message-filter'
import { type Hold, QueueLoop } from '../pull/queue-loop'
import type { TopicRates } from '../push/consume-rates'
import { heldBack } from '../push/held-back'
import { Arrivals } from './arrivals'
import type { PopPlace, PopRequests, PopWish } from './pop-requests'
import type { PopProcessQueue } from './pop-process-queue'
import type { PopService } from './pop-service'
import type { PopSettlement } from './pop-settlement'

/** What all loops of a consumer have in common. */
export interface PopLoopCommon {
  readonly client: ClientInstance
  readonly requests: Pick<PopRequests, 'pop' | 'hasMessages'>
  /** What the group wants of a topic; undefined after it was unsubscribed. */
  readonly subscription: (topic: string) => SubscriptionData | undefined
  readonly wish: Pick<PopWish, 'order' | 'maxNums' | 'invisibleMs' | 'fromFirst'>
  /** Pause after a pop that brought something, ms. */
  readonly intervalMs: number
  readonly service: Pick<PopService, 'submit'>
  readonly settlement: Pick<PopSettlement, 'unwanted' | 'release'>
  /** What the user's filters leave of messages. */
  readonly filter: FilterMessages | undefined
  readonly rates: (topic: string) => Pick<TopicRates, 'pulled'>
  readonly onBackgroundError: (error: RocketMQError) => void
}

export interface PopLoopOptions extends PopLoopCommon {
  readonly processQueue: PopProcessQueue
  /** All must be open for a pop. */
  readonly gates: readonly Gate[]
  /** The loop hangs, and is to be replaced. */
  readonly onStalled: () => void
}

/** How long one wait for messages is, ms. */
const WAIT_MS = 15_000
/** Queues in order may also be free again since another member is done, or since a time is over. */
const ORDERLY_POLL_MS = 1000
const REST_FIRST_MS = 20
const REST_LAST_MS = 1000

/** One pop at a time at one place: room? - pop - put, or wait for messages. Ends only when told to. */
export class PopLoop {
  readonly #options: PopLoopOptions
  readonly #abort = new AbortController()
  readonly #arrivals: Arrivals
  readonly #loop: QueueLoop
  /** Pops in a row that brought nothing though there was something to come. */
  #inVain = 0
  #waking = new AbortController()

  constructor(options: PopLoopOptions) {
    this.#options = options
    const { client, requests, wish, processQueue, onStalled, onBackgroundError } = options
    const { clock } = client
    this.#arrivals = new Arrivals({ clock, requests, ...(wish.order && { pollMs: ORDERLY_POLL_MS }) })
    this.#loop = new QueueLoop({
      client,
      queue: processQueue.queue,
      kind: 'pop',
      signal: () => this.#abort.signal,
      hold: signal => this.#hold(signal),
      ask: signal => this.#pop(signal),
      onStalled,
      onBackgroundError,
    })
    // Brokers tell nobody that a queue is free again which they kept in order.
    if (wish.order) processQueue.onFree = () => this.#waking.abort()
  }

  /** Milliseconds since it last went to ask for messages; 0 while it is kept from that on purpose, as by a full queue. */
  get idleMs(): number {
    return this.#loop.idleMs
  }

  start(): void {
    this.#loop.start()
  }

  /** Resolves when the loop has ended; what a pop under way brings is given to others. */
  async stop(): Promise<void> {
    this.#abort.abort()
    this.#arrivals.end()
    await this.#loop.ended()
  }

  get #wanted(): SubscriptionData | undefined {
    const { subscription, processQueue } = this.#options
    return subscription(processQueue.queue.topic)
  }

  #hold(signal: AbortSignal): Hold | undefined {
    const held = heldBack(this.#options, signal)
    if (held !== undefined) return held
    return this.#wanted === undefined ? { doing: 'waits for its subscription' } : undefined
  }

  async #pop(signal: AbortSignal): Promise<void> {
    const { requests, wish, client, processQueue, settlement, rates, service, intervalMs, filter, onBackgroundError } =
      this.#options
    const { clock } = client
    const { queue } = processQueue
    const subscription = this.#wanted
    if (subscription === undefined) return
    const askedAt = clock.monotonic()
    const { messages, unwanted, damage } = await requests.pop({ ...wish, queue, subscription })
    const left = filter?.(messages, queue) ?? messages
    settlement.unwanted([...unwanted, ...messages.filter(message => !left.includes(message))])
    if (damage !== undefined) onBackgroundError(damage)
    if (messages.length + unwanted.length === 0) return this.#wait({ queue, subscription, order: wish.order }, signal)
    this.#inVain = 0
    const now = clock.monotonic()
    rates(queue.topic).pulled(now, left.length, now - askedAt)
    if (signal.aborted) return settlement.release(left)
    if (left.length > 0) service.submit(processQueue, processQueue.put(left))
    if (intervalMs > 0) await clock.sleep(intervalMs, signal)
  }

  async #wait(place: PopPlace, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options.client
    // What there was may have gone to others, again and again.
    if (this.#inVain > 0) await clock.sleep(backoffMs(this.#inVain, REST_FIRST_MS, REST_LAST_MS), signal)
    const askedAt = clock.monotonic()
    this.#loop.doing = 'waits for messages'
    const signals = [signal, this.#waking.signal]
    await withAnySignal(signals, woken => this.#arrivals.any([place], WAIT_MS, woken))
    const isFree = this.#waking.signal.aborted
    if (isFree) this.#waking = new AbortController()
    this.#inVain = !isFree && clock.monotonic() - askedAt < REST_LAST_MS ? this.#inVain + 1 : 0
  }
}
