import { LitePullConsumer, type MessageExt, PushConsumer, RocketMQError, SimpleConsumer } from '../../lib/index'
import { systemClock } from '../../lib/runtime/clock'
import { OrderChecker } from '../support/order-checker'
import { StreamLedger } from '../support/stream-ledger'

/** Kinds of consumption; each has a topic and a group of its own. */
export const KINDS = ['concurrent', 'orderly', 'key', 'lite pull', 'popped', 'simple'] as const
export type Kind = (typeof KINDS)[number]

/** What was popped and is not acknowledged comes again after this time. */
const INVISIBLE_MS = 10_000

/** One member of a group. */
export interface SoakMember {
  shutdown(): Promise<void>
}

/** What is known of a kind while it runs. */
export class Stream {
  readonly ledger = new StreamLedger()
  readonly order = new OrderChecker()
  readonly topic: string
  /** What clients have reported: how often each code, and the words of the first. */
  readonly reports = new Map<string, { count: number; readonly first: string }>()
  /** Listeners take so long, ms. */
  slowMs = 0
  readonly #namesrvAddr: string

  constructor(
    readonly kind: Kind,
    namesrvAddr: string,
  ) {
    this.topic = `Soak-${kind.replace(' ', '-')}`
    this.#namesrvAddr = namesrvAddr
  }

  async join(): Promise<SoakMember> {
    if (this.kind === 'lite pull') return this.#joinPulling()
    return this.kind === 'simple' ? this.#joinReceiving() : this.#joinPushed(this.kind)
  }

  /** The group that shares the topic. */
  get group(): string {
    return `${this.topic}-readers`
  }

  async #joinPushed(kind: Exclude<Kind, 'lite pull' | 'simple'>): Promise<PushConsumer> {
    const pop = kind === 'popped' ? { clientRebalance: false, popInvisibleTimeMs: INVISIBLE_MS } : {}
    const consumer = new PushConsumer({ ...this.#options(), ...pop })
    consumer.on('backgroundError', error => this.#report(error))
    consumer.subscribe(this.topic)
    const handle = (message: MessageExt): Promise<void> => this.#handle(message)
    if (kind === 'concurrent' || kind === 'popped') consumer.consumeEach({ concurrency: 20 }, handle)
    else if (kind === 'orderly') consumer.consumeEach({ ordered: 'queue' }, handle)
    else consumer.consumeEach({ ordered: 'key' }, handle)
    await consumer.start()
    return consumer
  }

  async #joinPulling(): Promise<SoakMember> {
    const consumer = new LitePullConsumer(this.#options()).subscribe(this.topic)
    consumer.on('backgroundError', error => this.#report(error))
    await consumer.start()
    const reading = this.#readAll(consumer)
    return { shutdown: () => Promise.all([consumer.shutdown(), reading]).then(() => undefined) }
  }

  async #readAll(consumer: LitePullConsumer): Promise<void> {
    for await (const batch of consumer) for (const message of batch) await this.#handle(message)
  }

  async #joinReceiving(): Promise<SoakMember> {
    const consumer = new SimpleConsumer({ ...this.#options(), invisibleDurationMs: INVISIBLE_MS }).subscribe(this.topic)
    consumer.on('backgroundError', error => this.#report(error))
    await consumer.start()
    const receiving = this.#receiveAll(consumer)
    return { shutdown: () => Promise.all([consumer.shutdown(), receiving]).then(() => undefined) }
  }

  async #receiveAll(consumer: SimpleConsumer): Promise<void> {
    while (consumer.isRunning) {
      try {
        const messages = await consumer.receive()
        for (const message of messages) await this.#handle(message)
        await consumer.ack(messages)
      } catch (error) {
        // As when it is shut down; what was not acknowledged comes again.
        if (!RocketMQError.is(error)) throw error
        if (consumer.isRunning) this.#report(error)
      }
    }
  }

  async #handle(message: MessageExt): Promise<void> {
    const lane = this.#laneOf(message)
    // Restarts and handovers may repeat what was not committed, and pass nothing over.
    if (lane !== undefined) this.order.begin(lane.name, lane.index, {})
    if (this.slowMs > 0) await systemClock.sleep(this.slowMs)
    if (lane !== undefined) this.order.end(lane.name)
    this.ledger.consumed(Number(message.text().split(' ')[0]))
  }

  #laneOf(message: MessageExt): { name: string; index: number } | undefined {
    const { brokerName, queueId, queueOffset, shardingKey } = message
    if (this.kind === 'orderly') return { name: `${brokerName} ${queueId}`, index: queueOffset }
    if (this.kind === 'key') return { name: shardingKey ?? '', index: Number(message.text().split(' ')[1]) }
    return undefined
  }

  #report({ code, message }: RocketMQError): void {
    const report = this.reports.get(code) ?? { count: 0, first: message }
    report.count++
    this.reports.set(code, report)
  }

  #options() {
    const consumeFromWhere = 'CONSUME_FROM_FIRST_OFFSET' as const
    return { namesrvAddr: this.#namesrvAddr, consumerGroup: this.group, consumeFromWhere }
  }
}
