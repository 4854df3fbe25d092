import type { ClientInstance } from '../../client/client-instance'
import type { RocketMQError } from '../../errors'
import type { MessageQueue } from '../../model/message-queue'
import { PullFailures } from './pull-failures'

/** What keeps a loop from asking for messages. */
export interface Hold {
  /** For people to read, such as `is paused`. */
  readonly doing: string
  /** When all is looked at again; default after a second. */
  readonly end?: Promise<void>
}

export interface QueueLoopOptions {
  readonly client: ClientInstance
  readonly queue: MessageQueue
  /** How it asks. */
  readonly kind: 'pull' | 'pop'
  /** What one round of asking may take by itself, ms; default 0. */
  readonly roundMs?: number
  /** For the round that begins; aborted where there is to be none any more. */
  readonly signal: () => AbortSignal
  /** Undefined where nothing keeps it from asking. */
  readonly hold: (signal: AbortSignal) => Hold | undefined
  /** One round: asks, and takes what came. */
  readonly ask: (signal: AbortSignal) => Promise<void>
  /** It hangs: is to be begun anew, or replaced. */
  readonly onStalled: () => void
  readonly onBackgroundError: (error: RocketMQError) => void
}

/** A loop that goes to ask no more for this long, though nothing keeps it from it, hangs (Java `pullMaxIdleTime`). */
const MAX_IDLE_MS = 120_000
/** Until what is missing is looked at again. */
const MISSING_MS = 1000

/**
 * Asks for the messages of a queue again and again, under the eyes of the watchdog. A round that fails is told of, and the
 * next one waits a while.
 *
 * held --nothing keeps it--> asks --ended, or failed and waited--> held
 */
export class QueueLoop {
  /** What it does or waits for at the moment, for people to read. */
  doing = 'not started'
  readonly #options: QueueLoopOptions
  readonly #failures: PullFailures
  #beganAt: number
  #lastAskedAt: number | undefined
  #isHeld = false
  #unwatch: (() => void) | undefined
  #running: Promise<void> | undefined
  /** The present run; another one has hung, and may not go on beside its successor. */
  #run = {}

  constructor(options: QueueLoopOptions) {
    this.#options = options
    this.#failures = new PullFailures(options)
    this.#beganAt = options.client.clock.monotonic()
  }

  /** When it last went to ask for messages, monotonic ms. */
  get lastAskedAt(): number | undefined {
    return this.#lastAskedAt
  }

  /** Milliseconds since it last went to ask for messages; 0 while it is kept from that on purpose, as by a full queue. */
  get idleMs(): number {
    const since = Math.max(this.#lastAskedAt ?? 0, this.#beganAt)
    return this.#isHeld ? 0 : this.#options.client.clock.monotonic() - since
  }

  start(): void {
    if (this.#running !== undefined) return
    this.#unwatch = this.#watch()
    this.restart()
  }

  /** Leaves the present run to itself and begins another one. */
  restart(): void {
    this.#beganAt = this.#options.client.clock.monotonic()
    this.#run = {}
    this.#running = this.#rounds(this.#run)
  }

  /** Resolves when the loop has ended, which its signal makes it do. */
  async ended(): Promise<void> {
    this.#unwatch?.()
    await this.#running
  }

  #watch(): () => void {
    const { client, queue, kind, roundMs = 0, onStalled, onBackgroundError } = this.#options
    const { topic, brokerName, queueId } = queue
    return client.watchdog.add({
      name: `the ${kind} loop of queue ${queueId} of ${topic} on ${brokerName}`,
      boundMs: MAX_IDLE_MS + roundMs,
      details: { topic, brokerName },
      idleMs: () => this.idleMs,
      doing: () => this.doing,
      restart: onStalled,
      onStalled: error => {
        client.log.error(error.message)
        onBackgroundError(error)
      },
    })
  }

  async #rounds(run: object): Promise<void> {
    const { signal } = this.#options
    while (run === this.#run && !signal().aborted) await this.#round(signal())
  }

  async #round(signal: AbortSignal): Promise<void> {
    try {
      const held = this.#options.hold(signal)
      await (held === undefined ? this.#ask(signal) : this.#held(held, signal))
    } catch (error) {
      // What was under way is not wanted any more.
      if (signal.aborted) return
      this.doing = `waits after failure ${this.#failures.count + 1}`
      await this.#failures.wait(error, signal)
    }
  }

  async #ask(signal: AbortSignal): Promise<void> {
    const { client, kind, ask } = this.#options
    this.#lastAskedAt = client.clock.monotonic()
    this.doing = `${kind}s`
    await ask(signal)
    this.#failures.clear()
  }

  async #held({ doing, end }: Hold, signal: AbortSignal): Promise<void> {
    this.doing = doing
    this.#isHeld = true
    try {
      await (end ?? this.#options.client.clock.sleep(MISSING_MS, signal))
    } finally {
      this.#isHeld = false
    }
  }
}
