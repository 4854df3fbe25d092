import type { ClientInstance } from '../../client/client-instance'
import type { RocketMQError } from '../../errors'
import type { SubscriptionData } from '../../model/consumer-types'
import { backoffMs } from '../../runtime/random'
import { withAnySignal } from '../../runtime/any-signal'
import type { Gate } from '../../runtime/gate'
import { onAbort } from '../../runtime/on-abort'
import type { FilterMessages } from '../message-filter'
import { PullFailures } from '../pull/pull-failures'
import type { TopicRates } from '../push/consume-rates'
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

/** A loop that goes to pop no more for this long, though nothing keeps it from it, hangs (Java `pullMaxIdleTime`). */
const MAX_IDLE_MS = 120_000

/** Until a subscription that is missing is looked at again. */
const MISSING_MS = 1000
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
  readonly #failures: PullFailures
  /** Pops in a row that brought nothing though there was something to come. */
  #inVain = 0
  #isHeld = false
  #doing = 'not started'
  #waking = new AbortController()
  #lastPoppedAt: number
  #running: Promise<void> | undefined

  constructor(options: PopLoopOptions) {
    this.#options = options
    const { client, requests, wish, processQueue, onBackgroundError } = options
    const { clock } = client
    this.#arrivals = new Arrivals({ clock, requests, ...(wish.order && { pollMs: ORDERLY_POLL_MS }) })
    this.#failures = new PullFailures({ client, queue: processQueue.queue, onBackgroundError })
    this.#lastPoppedAt = clock.monotonic()
    // Brokers tell nobody that a queue is free again which they kept in order.
    if (wish.order) processQueue.onFree = () => this.#waking.abort()
  }

  /** Milliseconds since it last went to ask for messages; 0 while it is kept from that on purpose, as by a full queue. */
  get idleMs(): number {
    return this.#isHeld ? 0 : this.#options.client.clock.monotonic() - this.#lastPoppedAt
  }

  start(): void {
    if (this.#running !== undefined) return
    this.#watch()
    this.#running = this.#run(this.#abort.signal)
  }

  /** Resolves when the loop has ended; what a pop under way brings is given to others. */
  async stop(): Promise<void> {
    this.#abort.abort()
    this.#arrivals.end()
    await this.#running
  }

  #watch(): void {
    const { client, processQueue, onStalled, onBackgroundError } = this.#options
    const { topic, brokerName, queueId } = processQueue.queue
    const unwatch = client.watchdog.add({
      name: `the pop loop of queue ${queueId} of ${topic} on ${brokerName}`,
      boundMs: MAX_IDLE_MS,
      details: { topic, brokerName },
      idleMs: () => this.idleMs,
      doing: () => this.#doing,
      restart: onStalled,
      onStalled: error => {
        client.log.error(error.message)
        onBackgroundError(error)
      },
    })
    onAbort(this.#abort.signal, unwatch)
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const place = await this.#place(signal)
        if (place === undefined) continue
        await this.#pop(place, signal)
        this.#failures.clear()
      } catch (error) {
        if (this.#abort.signal.aborted) return
        this.#doing = `waits after failure ${this.#failures.count + 1}`
        await this.#failures.wait(error, signal)
      }
    }
  }

  /** Where to pop, where nothing keeps the loop from it; else waits for what does, and all is to be looked at again. */
  async #place(signal: AbortSignal): Promise<PopPlace | undefined> {
    const { gates, processQueue, subscription, client, wish } = this.#options
    const { queue } = processQueue
    const wanted = subscription(queue.topic)
    const shut = gates.find(gate => !gate.isOpen)
    if (shut !== undefined) return this.#held('is paused', shut.whenOpen(signal))
    if (!processQueue.hasRoom) return this.#held('waits for listeners to make room', processQueue.whenRoom(signal))
    if (wanted === undefined) return this.#held('waits for its subscription', client.clock.sleep(MISSING_MS, signal))
    return { queue, subscription: wanted, order: wish.order }
  }

  async #held(doing: string, end: Promise<void>): Promise<undefined> {
    this.#doing = doing
    this.#isHeld = true
    await end.finally(() => (this.#isHeld = false))
  }

  async #pop(place: PopPlace, signal: AbortSignal): Promise<void> {
    const { requests, wish, client, processQueue, settlement, rates, service, intervalMs, onBackgroundError } =
      this.#options
    const { clock } = client
    const askedAt = (this.#lastPoppedAt = clock.monotonic())
    this.#doing = 'pops'
    const { messages, unwanted, damage } = await requests.pop({ ...wish, ...place })
    const left = this.#options.filter?.(messages, place.queue) ?? messages
    settlement.unwanted([...unwanted, ...messages.filter(message => !left.includes(message))])
    if (damage !== undefined) onBackgroundError(damage)
    if (messages.length + unwanted.length === 0) return this.#wait(place, signal)
    this.#inVain = 0
    const now = clock.monotonic()
    rates(place.queue.topic).pulled(now, left.length, now - askedAt)
    if (signal.aborted) return settlement.release(left)
    if (left.length > 0) service.submit(processQueue, processQueue.put(left))
    if (intervalMs > 0) await clock.sleep(intervalMs, signal)
  }

  async #wait(place: PopPlace, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options.client
    // What there was may have gone to others, again and again.
    if (this.#inVain > 0) await clock.sleep(backoffMs(this.#inVain, REST_FIRST_MS, REST_LAST_MS), signal)
    const askedAt = clock.monotonic()
    this.#doing = 'waits for messages'
    const signals = [signal, this.#waking.signal]
    await withAnySignal(signals, woken => this.#arrivals.any([place], WAIT_MS, woken))
    const isFree = this.#waking.signal.aborted
    if (isFree) this.#waking = new AbortController()
    this.#inVain = !isFree && clock.monotonic() - askedAt < REST_LAST_MS ? this.#inVain + 1 : 0
  }
}
