import type { AllocateMessageQueueStrategy, MessageExt, PushConsumer } from '../../lib/index'
import { PATIENTLY, type Site } from '../support/site'
import type { JavaPeer } from './real/java-peer'
import type { JavaReader, JavaStrategy } from './real/java-reader'
import { javaReader } from './with-java'

/** One call of a listener, of either client, for one message. */
export interface Call {
  readonly member: object
  /** Time of the call, ms since 1970. */
  readonly at: number
  readonly queueId: number
  readonly queueOffset: number
  readonly text: string
}

export interface MixedGroupOptions {
  readonly queues: number
  readonly ordered: boolean
  readonly strategy: { readonly ours: AllocateMessageQueueStrategy; readonly java: JavaStrategy }
}

const SETTLED_MS = 100_000

/** A consumer group with members of both clients, which read one topic. */
export class MixedGroup {
  readonly name: string
  readonly #site: Site
  readonly #peer: JavaPeer
  readonly #topic: string
  readonly #options: MixedGroupOptions
  readonly #ours = new Set<PushConsumer>()
  readonly #java = new Set<JavaReader>()
  readonly #ourCalls: Call[] = []
  readonly #left: JavaReader[] = []

  constructor(site: Site, peer: JavaPeer, topic: string, options: MixedGroupOptions) {
    this.name = site.freshGroup()
    this.#site = site
    this.#peer = peer
    this.#topic = topic
    this.#options = options
  }

  async joinOurs(): Promise<PushConsumer> {
    const { ordered, strategy } = this.#options
    const consumer = this.#site.newConsumer({ consumerGroup: this.name, allocateStrategy: strategy.ours })
    consumer.subscribe(this.#topic)
    const take = (message: MessageExt): void => {
      const { queueId, queueOffset } = message
      this.#ourCalls.push({ member: consumer, at: Date.now(), queueId, queueOffset, text: message.text() })
      this.#site.changes.notify()
    }
    if (ordered) consumer.consumeEach({ ordered: 'queue' }, take)
    else consumer.consumeEach(take)
    await consumer.start(PATIENTLY)
    this.#ours.add(consumer)
    return consumer
  }

  async joinJava(): Promise<JavaReader> {
    const { ordered, strategy } = this.#options
    const options = { group: this.name, mode: ordered ? 'orderly' : 'concurrent', strategy: strategy.java } as const
    const reader = await javaReader(this.#site, this.#peer, this.#topic, options)
    this.#java.add(reader)
    return reader
  }

  async leave(member: PushConsumer | JavaReader): Promise<void> {
    if ('tellStop' in member) {
      await member.stop()
      this.#java.delete(member)
      this.#left.push(member)
    } else {
      await member.shutdown()
      this.#ours.delete(member)
    }
  }

  /** Resolves once each queue has one owner: brokers keep the lock of one who went without a word for a minute. */
  async settled(): Promise<void> {
    const { queues } = this.#options
    const isSettled = (): boolean => {
      const owned = this.#owned()
      return owned.length === queues && new Set(owned).size === queues
    }
    const what = (): string => `each of ${queues} queues once, not ${this.#owned().join()}`
    await this.#site.until(isSettled, { what, withinMs: SETTLED_MS })
  }

  /** All calls of listeners so far, by their time. */
  get calls(): Call[] {
    const java = [...this.#java, ...this.#left].flatMap(reader =>
      reader.messages.map(({ at, queueId, queueOffset }, i): Call => {
        return { member: reader, at, queueId, queueOffset, text: reader.texts[i] as string }
      }),
    )
    return [...this.#ourCalls, ...java].sort((a, b) => a.at - b.at || a.queueOffset - b.queueOffset)
  }

  /** Resolves once all of these texts have come to some member. */
  async received(texts: readonly string[]): Promise<void> {
    const missing = (): string[] => {
      const come = new Set(this.calls.map(({ text }) => text))
      return texts.filter(text => !come.has(text))
    }
    const what = (): string => `all ${texts.length} messages; missing: ${missing().slice(0, 20).join(', ')}`
    await this.#site.until(() => missing().length === 0, { what, withinMs: 60_000 })
  }

  /** `BROKER:ID` of the queues that members have. */
  #owned(): string[] {
    const ours = [...this.#ours].flatMap(consumer =>
      consumer.stats().queues.flatMap(({ queue }) => {
        return queue.topic === this.#topic ? `${queue.brokerName}:${queue.queueId}` : []
      }),
    )
    return [...ours, ...[...this.#java].flatMap(({ queues }) => queues)]
  }
}
