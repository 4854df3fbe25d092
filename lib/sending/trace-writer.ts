import type { ClientInstance } from '../client/client-instance'
import { RocketMQError, asError } from '../errors'
import type { Trace } from '../model/trace'
import type { Timer } from '../runtime/clock'
import { withDeadline } from '../runtime/deadline'
import { mapBounded } from '../runtime/map-bounded'
import { WorkLoop } from '../runtime/work-loop'
import { encodeTrace, traceKeys } from '../wire/trace-data'
import { UniqueIds } from '../wire/unique-id'
import { compressed, prepareMessage } from './prepared-message'
import { Sender } from './sender'

export interface TraceWriterOptions {
  readonly client: ClientInstance
  /** The producer or consumer group whose doings are traced. */
  readonly group: string
  /** Where traces go. */
  readonly topic: string
  /** Sends as a producer group of its own, below interceptors: traces are never traced themselves. */
  readonly sender: Pick<Sender, 'send' | 'topics'>
  readonly onBackgroundError: (error: RocketMQError) => void
}

/** What has become of traces. */
export interface TraceStats {
  /** Topic that the traces are written to. */
  readonly topic: string
  /** Accepted by a broker. */
  readonly written: number
  /** Given up, as too many waited already. */
  readonly dropped: number
  /** Given up, as no broker accepted them. */
  readonly failed: number
  /** Not sent yet. */
  readonly waiting: number
}

/** Traces that wait; more are dropped, so that a slow trace topic costs no memory. */
const MAX_WAITING = 8192
/** Traces are sent when so many wait, or after a while. */
const BATCH = 10
const FLUSH_AFTER_MS = 5000
/** Under load many go into one message. */
const MIN_INTERVAL_MS = 20
const SENDS_AT_ONCE = 4
const FLUSH_BOUND_MS = 60_000
/** Of one message, as in Java. */
const MAX_BODY_BYTES = 128_000
/** All properties of a message have room for 32767 bytes. */
const MAX_KEYS_LENGTH = 16_384
const COMPRESS_FROM_BYTES = 4096

/** Traces are of use, and not worth more than this. */
const SENDER = {
  createTopicKey: 'TBW102',
  defaultTopicQueueNums: 4,
  sendTimeoutMs: 5000,
  retryTimesWhenSendFailed: 2,
  retryTimesWhenSendAsyncFailed: 2,
  retryAnotherBrokerWhenNotStoreOK: false,
  timerOnOldBrokers: 'reject',
} as const

interface Entry {
  readonly trace: Trace
  /** Of the message that is traced. */
  readonly topic: string
}

/** Traces that travel in one message. */
interface Parcel {
  body: string
  bytes: number
  readonly keys: Set<string>
  keysLength: number
  count: number
}

/** Who traces what. */
export type TracedGroup = Omit<TraceWriterOptions, 'client' | 'sender'> & { readonly kind: 'PRODUCE' | 'CONSUME' }

/** A writer for a producer or a consumer of a client; its group is named as Java names it. */
export function createTraceWriter(client: ClientInstance, { kind, ...options }: TracedGroup): TraceWriter {
  const sender = new Sender(client, `_INNER_TRACE_PRODUCER-${options.group}-${kind}`, SENDER)
  return new TraceWriter({ client, sender, ...options })
}

/** Sends traces in the background, many in one message: nobody waits for them, and nothing fails with them. */
export class TraceWriter {
  readonly #options: TraceWriterOptions
  readonly #uniqueIds: UniqueIds
  readonly #loop: WorkLoop
  #waiting: Entry[] = []
  #timer: Timer | undefined
  #written = 0
  #dropped = 0
  #failed = 0
  #sending = 0
  /** True after a failure that was told of, until a message is accepted again. */
  #isFailing = false
  #isStopped = false

  constructor(options: TraceWriterOptions) {
    this.#options = options
    const { client, group } = options
    this.#uniqueIds = new UniqueIds({ clock: client.clock })
    this.#loop = new WorkLoop({
      clock: client.clock,
      minIntervalMs: MIN_INTERVAL_MS,
      run: () => this.#flush(),
      onError: error => this.#report(error),
      watch: {
        watchdog: client.watchdog,
        name: `the trace writer of group ${group}`,
        boundMs: FLUSH_BOUND_MS,
        doing: () => `sends traces to ${options.topic}`,
        onStalled: error => options.onBackgroundError(error),
      },
    })
  }

  /** Topics whose routes it needs. */
  get topics(): Iterable<string> {
    return this.#options.sender.topics
  }

  get stats(): TraceStats {
    const waiting = this.#waiting.length + this.#sending
    const { topic } = this.#options
    return { topic, written: this.#written, dropped: this.#dropped, failed: this.#failed, waiting }
  }

  /** Takes traces of messages of a topic in, all of them or none: false where too many wait. Never throws. */
  append(topic: string, traces: readonly Trace[]): boolean {
    if (this.#isStopped || this.#waiting.length + this.#sending + traces.length > MAX_WAITING) {
      this.#dropped += traces.length
      return false
    }
    for (const trace of traces) this.#waiting.push({ trace, topic })
    if (this.#waiting.length >= BATCH) void this.#loop.kick()
    else this.#timer ??= this.#options.client.clock.after(FLUSH_AFTER_MS, () => void this.#loop.kick())
    return true
  }

  /** Sends what waits, within the time, and then no more. Never rejects: what could not be sent counts as failed. */
  async stop(timeoutMs: number): Promise<void> {
    const { clock } = this.#options.client
    const onTimeout = (): Error => new RocketMQError('SEND_TIMEOUT', 'traces could not be sent in time')
    await withDeadline(this.#loop.kick(), { clock, timeoutMs, onTimeout }).catch((error: unknown) =>
      this.#report(error),
    )
    this.#isStopped = true
    this.#timer?.cancel()
    this.#failed += this.#waiting.length
    this.#waiting = []
    void this.#loop.stop()
  }

  async #flush(): Promise<void> {
    this.#timer?.cancel()
    this.#timer = undefined
    const entries = this.#waiting
    this.#waiting = []
    await mapBounded(parcelsOf(entries), SENDS_AT_ONCE, parcel => this.#send(parcel))
  }

  async #send({ body, bytes, keys, count }: Parcel): Promise<void> {
    const { topic, sender } = this.#options
    this.#sending += count
    try {
      const message = { topic, body, keys: [...keys] }
      const prepared = prepareMessage(message, { uniqueIds: this.#uniqueIds, maxMessageSize: 2 * MAX_BODY_BYTES })
      await sender.send(bytes < COMPRESS_FROM_BYTES ? prepared : await compressed(prepared), {})
      this.#written += count
      this.#isFailing = false
    } catch (error) {
      this.#failed += count
      this.#report(error)
    } finally {
      this.#sending -= count
      this.#loop.progress()
    }
  }

  /** The first of a row of failures is told of: there may be many, and nothing is lost but traces. */
  #report(cause: unknown): void {
    const { client, group, topic, onBackgroundError } = this.#options
    const says = `traces of group ${group} could not be sent to ${topic}: ${asError(cause).message}`
    client.log.warn(says)
    if (this.#isFailing) return
    this.#isFailing = true
    const code = RocketMQError.is(cause) ? cause.code : 'INVALID_STATE'
    onBackgroundError(new RocketMQError(code, says, { topic, group, cause }))
  }
}

/** As few messages as hold them all; those of different topics do not share one. */
function parcelsOf(entries: readonly Entry[]): Parcel[] {
  const full: Parcel[] = []
  const open = new Map<string, Parcel>()
  for (const { trace, topic } of entries) {
    const record = encodeTrace(trace)
    const bytes = Buffer.byteLength(record)
    const keys = traceKeys(trace)
    const keysLength = keys.reduce((sum, key) => sum + Buffer.byteLength(key) + 1, 0)
    let parcel = open.get(topic)
    if (
      parcel === undefined ||
      parcel.bytes + bytes > MAX_BODY_BYTES ||
      parcel.keysLength + keysLength > MAX_KEYS_LENGTH
    ) {
      if (parcel !== undefined) full.push(parcel)
      open.set(topic, (parcel = { body: '', bytes: 0, keys: new Set(), keysLength: 0, count: 0 }))
    }
    parcel.body += record
    parcel.bytes += bytes
    parcel.keysLength += keysLength
    parcel.count++
    for (const key of keys) parcel.keys.add(key)
  }
  return [...full, ...open.values()]
}
