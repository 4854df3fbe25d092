import { RocketMQError, asError } from '../../errors'
import type { SendResult } from '../../model/results'
import type { Clock } from '../../runtime/clock'
import type { PreparedMessage } from '../../sending/prepared-message'
import type { SendOptions } from '../../sending/send-options'
import type { LockPatience } from './directory-lock'
import { Lanes } from './lanes'
import type { ResolvedOutboxOptions } from './outbox-options'
import type { OutboxStats } from './outbox-stats'
import { type ReplayOutcome, Replayer } from './replayer'
import { Spool, type SpoolTools } from './spool'
import { type SpoolEntry, orderedLane } from './spool-entry'
import type { SpooledMessage } from './spool-record'
import { preparedOf } from './spooled-messages'
import { hasNoRoute, isRefusal, maybeStored } from './try-again'

export interface OutboxTools extends Pick<SpoolTools, 'files' | 'onBackgroundError'> {
  readonly clock: Clock
  /** One try. */
  readonly send: (prepared: PreparedMessage, options: SendOptions) => Promise<SendResult>
  /** Whether name servers know any broker: those without one know no topics either. Never rejects. */
  readonly hasBrokers: () => Promise<boolean>
}

/** At a shutdown the tries under way may take so long, ms. */
const LAST_TRIES_MS = 1000

/** Messages that no broker took, on the disk, and who sends them when brokers are back. */
export class Outbox {
  readonly #options: ResolvedOutboxOptions
  readonly #tools: OutboxTools
  readonly #lanes: Lanes
  readonly #spool: Spool
  readonly #replayer: Replayer
  /** Ordered lanes with messages that are being written. */
  readonly #written = new Map<string, number>()
  /** Topics of which nothing was taken since a message was spooled. */
  readonly #down = new Set<string>()
  /** When a message of a topic was taken last, monotonic ms. */
  readonly #takenAt = new Map<string, number>()
  /** Topics, or brokers of chosen queues, that name servers do not know, while they know brokers: since when, monotonic ms. */
  readonly #noRouteSince = new Map<string, number>()
  readonly #hurry = new AbortController()
  readonly #end = new AbortController()
  #replayed = 0
  #rejected = 0

  private constructor(options: ResolvedOutboxOptions, tools: OutboxTools, parts: { lanes: Lanes; spool: Spool }) {
    this.#options = options
    this.#tools = tools
    this.#lanes = parts.lanes
    this.#spool = parts.spool
    const { replayPerSecond: perSecond } = options
    const replay = (entry: SpoolEntry): Promise<ReplayOutcome> => this.#replay(entry)
    this.#replayer = new Replayer({ clock: tools.clock, lanes: this.#lanes, perSecond, replay })
  }

  /**
   * Takes the folder, and finds what waits there.
   * @throws RocketMQError OUTBOX_LOCKED, OUTBOX_FAILED, ABORTED
   */
  static async open(options: ResolvedOutboxOptions, tools: OutboxTools, patience?: LockPatience): Promise<Outbox> {
    const lanes = new Lanes()
    let look = (): void => undefined
    const onAppended: SpoolTools['onAppended'] = entries => {
      for (const entry of entries) lanes.add(entry)
      look()
    }
    const spool = await Spool.open(options, { ...tools, onAppended }, patience)
    const outbox = new Outbox(options, tools, { lanes, spool })
    look = () => outbox.#replayer.look()
    return outbox
  }

  get afterMs(): number {
    return this.#options.afterMs
  }

  /** Aborted when sends that wait for brokers are to be spooled at once. */
  get hurrySignal(): AbortSignal {
    return this.#hurry.signal
  }

  get stats(): OutboxStats {
    const { oldest } = this.#lanes
    return {
      spooled: this.#spool.messages,
      bytes: this.#spool.bytes,
      replayed: this.#replayed,
      rejected: this.#rejected,
      oldestAgeMs: oldest === undefined ? undefined : Math.max(0, this.#tools.clock.now() - oldest.spooledAt),
    }
  }

  /** Begins to send what waits. */
  start(): void {
    this.#replayer.start()
  }

  /** Has what waits for brokers spooled at once. */
  hurry(): void {
    this.#hurry.abort()
  }

  /** Sends nothing more, and gives the folder back; what waits stays there. Never rejects. */
  async close(): Promise<void> {
    this.hurry()
    const timer = this.#tools.clock.after(LAST_TRIES_MS, () => this.#end.abort())
    await this.#replayer.stop()
    timer.cancel()
    await this.#spool.close().catch((cause: unknown) => {
      const says = `the outbox folder ${this.#options.directory} could not be given back`
      this.#tools.onBackgroundError(new RocketMQError('OUTBOX_FAILED', says, { cause }))
    })
  }

  /** Whether a message is to be spooled without a try: others of its lanes wait, or nothing of its topic is taken. */
  mustSpool(topic: string, lanes: readonly string[]): boolean {
    if (this.#spool.isLost) return false
    return this.#down.has(topic) || lanes.some(lane => this.#lanes.has(lane) || this.#written.has(lane))
  }

  /** A message of the topic was taken by a broker. */
  taken(topic: string): void {
    this.#takenAt.set(topic, this.#tools.clock.monotonic())
    this.#down.delete(topic)
    this.#noRouteSince.delete(topic)
    this.#replayer.brokersTake()
  }

  /**
   * Resolves when all messages, which are of one topic, are in the spool.
   * @param failedSince monotonic ms: no try of theirs was taken since then; undefined where there was none
   * @throws RocketMQError OUTBOX_FULL, OUTBOX_FAILED
   */
  async spool(messages: readonly SpooledMessage[], failedSince: number | undefined): Promise<void> {
    const lanes = messages.map(orderedLane).filter(lane => lane !== undefined)
    const topic = messages[0]?.topic ?? ''
    for (const lane of lanes) this.#written.set(lane, (this.#written.get(lane) ?? 0) + 1)
    try {
      await this.#spool.append(messages)
    } catch (error) {
      // Without a disk that works brokers are the only ones who may take messages: they are to be tried.
      if (RocketMQError.is(error) && error.code === 'OUTBOX_FAILED') this.#down.delete(topic)
      throw error
    } finally {
      for (const lane of lanes) this.#forgetWritten(lane)
    }
    const isDown = failedSince !== undefined && (this.#takenAt.get(topic) ?? -Infinity) < failedSince
    if (isDown && this.#lanes.hasTopic(topic)) this.#down.add(topic)
  }

  #forgetWritten(lane: string): void {
    const left = (this.#written.get(lane) ?? 1) - 1
    if (left === 0) this.#written.delete(lane)
    else this.#written.set(lane, left)
  }

  async #replay(entry: SpoolEntry): Promise<ReplayOutcome> {
    let message: SpooledMessage
    try {
      message = await this.#spool.read(entry)
    } catch (error) {
      return this.#unreadable(entry, asError(error))
    }
    const { topic, queue } = message
    try {
      const place = queue === undefined ? {} : { queue: { topic, ...queue } }
      await this.#tools.send(preparedOf(message, entry.maybeSent), { ...place, signal: this.#end.signal })
    } catch (error) {
      return this.#failed(entry, message, error)
    }
    this.#replayed++
    this.#noRouteSince.delete(placeOf(message))
    this.#spool.done(entry)
    this.taken(topic)
    return 'DONE'
  }

  async #failed(entry: SpoolEntry, message: SpooledMessage, error: unknown): Promise<ReplayOutcome> {
    if (maybeStored(error) && !entry.maybeSent) this.#spool.maybeSent(entry)
    if (hasNoRoute(error)) return this.#withoutRoute(entry, message, asError(error))
    this.#noRouteSince.delete(placeOf(message))
    if (!isRefusal(error)) return 'NOT_TAKEN'
    if (++entry.refusals < this.#options.maxRefusals) return 'REFUSED'
    return this.#reject(entry, message, {
      says: `was refused ${entry.refusals} times`,
      cause: asError(error),
    })
  }

  /** Brokers that are gone for minutes take the routes of their topics with them: only time tells a topic that is deleted. */
  async #withoutRoute(entry: SpoolEntry, message: SpooledMessage, cause: Error): Promise<ReplayOutcome> {
    const place = placeOf(message)
    if (!(await this.#tools.hasBrokers())) {
      this.#noRouteSince.delete(place)
      return 'NOT_TAKEN'
    }
    const now = this.#tools.clock.monotonic()
    const since = this.#noRouteSince.get(place) ?? now
    this.#noRouteSince.set(place, since)
    if (now - since < this.#options.noRouteMs) return 'REFUSED'
    return this.#reject(entry, message, { says: `has had no route for ${Math.round(now - since)} ms`, cause })
  }

  async #reject(
    entry: SpoolEntry,
    message: SpooledMessage,
    why: { readonly says: string; readonly cause: Error },
  ): Promise<ReplayOutcome> {
    const { onBackgroundError } = this.#tools
    const { topic, msgId } = message
    try {
      const path = await this.#spool.reject(entry, message)
      const says = `message ${msgId} for topic ${topic} ${why.says}, and was put aside in ${path}: ${why.cause.message}`
      onBackgroundError(new RocketMQError('OUTBOX_REJECTED', says, { topic, cause: why.cause }))
    } catch (failure) {
      const says = `message ${msgId} for topic ${topic} is refused, and could not be put aside: it stays in the outbox`
      onBackgroundError(new RocketMQError('OUTBOX_FAILED', says, { topic, cause: failure }))
      return 'REFUSED'
    }
    this.#leaves(topic)
    return 'DONE'
  }

  /** What is damaged stays so; what the system could not read now, it may later. */
  #unreadable(entry: SpoolEntry, error: Error): ReplayOutcome {
    // That was told of already, and whoever has the folder now sends it.
    if (this.#spool.isLost) return 'REFUSED'
    const isDamaged = RocketMQError.is(error)
    const says = `a message for topic ${entry.topic} could not be read from ${entry.segment.path}`
    this.#tools.onBackgroundError(
      isDamaged ? error : new RocketMQError('OUTBOX_FAILED', says, { topic: entry.topic, cause: error }),
    )
    if (!isDamaged) return 'REFUSED'
    entry.segment.isDamaged = true
    this.#spool.done(entry)
    this.#leaves(entry.topic)
    return 'DONE'
  }

  #leaves(topic: string): void {
    this.#rejected++
    // Others of the topic may be good: they are to be tried.
    this.#down.delete(topic)
  }
}

/** What has to have a route for a message to be sent. */
function placeOf({ topic, queue }: SpooledMessage): string {
  return queue === undefined ? topic : `${topic}\u0001${queue.brokerName}`
}
