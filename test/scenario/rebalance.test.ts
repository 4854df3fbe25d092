import type { MessageExt, Producer, PushConsumer } from '../../lib/index'
import { describeSideBySide } from '../support/cluster'
import { Ownership } from '../support/ownership'
import type { Site } from '../support/site'

const QUEUES = 8
const PRODUCERS = 4
const STAGES = 5
const PER_STAGE = 500
/** Less than the 20 s after which members look by themselves. */
const SOON_MS = 15_000

/** A group of consumers that come and go while four producers send. */
class Crowd {
  readonly ownership: Ownership
  readonly consumerGroup: string
  /** How often each body has come. */
  readonly seen = new Map<string, number>()
  /** Orders that were broken, and calls for one queue at the same time: empty if all is well. */
  readonly faults: string[] = []
  readonly #site: Site
  readonly #topic: string
  readonly #ordered: boolean
  readonly #lastOffsets = new Map<number, number>()
  readonly #busy = new Map<number, PushConsumer>()

  constructor(site: Site, topic: string, ordered: boolean) {
    this.#site = site
    this.#topic = topic
    this.#ordered = ordered
    this.consumerGroup = site.freshGroup()
    this.ownership = new Ownership(topic, site.changes)
  }

  async join(): Promise<PushConsumer> {
    const consumer = this.#site.newConsumer({ consumerGroup: this.consumerGroup }).subscribe(this.#topic)
    this.ownership.follow(consumer)
    const handle = async (message: MessageExt): Promise<void> => {
      if (this.#ordered) this.#enter(message, consumer)
      await new Promise(resolve => setImmediate(resolve))
      if (this.#ordered) this.#busy.delete(message.queueId)
      this.seen.set(message.text(), (this.seen.get(message.text()) ?? 0) + 1)
      this.#site.changes.notify()
    }
    if (this.#ordered) consumer.consumeEach({ ordered: 'queue' }, handle)
    else consumer.consumeEach(handle)
    await consumer.start()
    return consumer
  }

  async leave(consumer: PushConsumer | undefined): Promise<void> {
    await consumer?.shutdown()
    this.ownership.left(consumer as PushConsumer)
  }

  /** Resolves when every queue has one owner and the members have even shares. */
  async settled(shares: readonly number[]): Promise<void> {
    const what = () => `shares of ${shares.join()} and not ${this.ownership.shares.join()}`
    const isSettled = () => this.ownership.isEachOnce(QUEUES) && this.ownership.shares.join() === shares.join()
    await this.#site.until(isSettled, { what, withinMs: SOON_MS })
  }

  #enter({ queueId, queueOffset }: MessageExt, consumer: PushConsumer): void {
    const other = this.#busy.get(queueId)
    if (other !== undefined)
      this.faults.push(`queue ${queueId} had two calls, of ${other === consumer ? 'one' : 'two'}`)
    this.#busy.set(queueId, consumer)
    const expected = (this.#lastOffsets.get(queueId) ?? -1) + 1
    if (queueOffset !== expected) this.faults.push(`queue ${queueId}: ${queueOffset} came instead of ${expected}`)
    this.#lastOffsets.set(queueId, queueOffset)
  }
}

async function sendStage(producers: readonly Producer[], topic: string, stage: number): Promise<string[]> {
  const sent: string[] = []
  const send = async (producer: Producer, index: number): Promise<void> => {
    for (let n = 0; n < PER_STAGE; n += 25) {
      const bodies = Array.from({ length: 25 }, (_, step) => `${stage} ${index} ${n + step}`)
      await Promise.all(bodies.map(body => producer.send({ topic, body }, { shardingKey: body })))
      sent.push(...bodies)
    }
  }
  await Promise.all(producers.map(send))
  return sent
}

describeSideBySide('consumers that join and leave while 10,000 messages are sent', cluster => {
  for (const ordered of [false, true]) {
    const title = ordered ? 'get each of them once and in order, with an orderly listener' : 'lose none of them'
    cluster.it(title, async site => {
      const topic = await site.freshTopic(QUEUES)
      const crowd = new Crowd(site, topic, ordered)
      const producers = await Promise.all(Array.from({ length: PRODUCERS }, () => site.producer()))
      const sent: string[] = []
      const during = async <T>(stage: number, change: Promise<T>): Promise<T> => {
        const [changed, bodies] = await Promise.all([change, sendStage(producers, topic, stage)])
        sent.push(...bodies)
        return changed
      }
      const first = await during(0, crowd.join())
      await crowd.settled([8])
      const second = await during(1, crowd.join())
      await crowd.settled([4, 4])
      await during(2, crowd.join())
      await crowd.settled([2, 3, 3])
      await during(3, crowd.leave(first))
      await crowd.settled([4, 4])
      await during(4, Promise.all([crowd.leave(second), crowd.join()]))
      await crowd.settled([4, 4])
      await site.until(() => crowd.seen.size >= sent.length, { what: () => `${sent.length}, not ${crowd.seen.size}` })
      expect(sent).toHaveLength(PRODUCERS * STAGES * PER_STAGE)
      expect(sent.filter(body => !crowd.seen.has(body))).toEqual([])
      expect(crowd.faults).toEqual([])
      if (ordered) expect(Math.max(...crowd.seen.values())).toBe(1)
    })
  }
})

describeSideBySide('a change of a group', cluster => {
  cluster.it('is heard of by its members at once, as brokers tell them', async site => {
    const topic = await site.freshTopic(QUEUES)
    const crowd = new Crowd(site, topic, false)
    await crowd.join()
    await crowd.settled([8])
    const second = await crowd.join()
    await crowd.settled([4, 4])
    await crowd.leave(second)
    await crowd.settled([8])
  })

  cluster.it('leaves members beyond the number of queues without any', async site => {
    const topic = await site.freshTopic(1)
    const consumerGroup = site.freshGroup()
    const { inbox } = await site.reader(topic, { consumerGroup })
    const idle = await site.reader(topic, { consumerGroup })
    const producer = await site.producer()
    const ownersOf = () => idle.consumer.stats().queues.filter(({ queue }) => queue.topic === topic)
    await producer.send({ topic, body: 'for one of them' })
    await site.until(() => inbox.messages.length + idle.inbox.messages.length === 1, { what: 'the message' })
    expect(ownersOf().length).toBeLessThanOrEqual(1)
  })
})
