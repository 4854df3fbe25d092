import type { ConsumeOptions, MessageExt, Producer, PushConsumer } from '../../lib/index'
import { describeSideBySide } from '../support/cluster'
import { Ownership } from '../support/ownership'
import type { ConsumerSettings, Site } from '../support/site'
import { answered } from '../support/until'

const KEYS = Array.from({ length: 16 }, (_, index) => `key ${index}`)
const MEMBERS_SETTLE_MS = 20_000
const SUSPEND = 'SUSPEND_CURRENT_QUEUE_A_MOMENT'

const nextTurn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

/** Sends so many messages of each key, those of one in order. */
async function sendEach(producer: Producer, topic: string, { from, to }: { from: number; to: number }): Promise<void> {
  const sendAll = async (shardingKey: string): Promise<void> => {
    for (let index = from; index < to; index++) await producer.send({ topic, body: String(index) }, { shardingKey })
  }
  await Promise.all(KEYS.map(sendAll))
}

/** Watches the calls of all members of a group, and notes where the order of a key is broken. */
class OrderWatch {
  readonly faults: string[] = []
  /** Handled messages, with their repetitions. */
  handled = 0
  /** Most keys of one queue that were at work at the same time. */
  widest = 0
  readonly #site: Site
  /** Queues of the keys that are at work. */
  readonly #busy = new Map<string, number>()
  readonly #last = new Map<string, { index: number; tenure: object }>()
  readonly #highest = new Map<string, number>()
  /** A new one whenever a member takes or gives back queues: only then messages may come again. */
  readonly #tenures = new Map<PushConsumer, object>()

  constructor(site: Site) {
    this.#site = site
  }

  follow(consumer: PushConsumer): void {
    const renew = (): void => void this.#tenures.set(consumer, {})
    renew()
    consumer.on('assigned', renew).on('revoked', renew)
  }

  /** Handles messages for a member, in some turns of the event loop. */
  async handle(messages: readonly MessageExt[], consumer: PushConsumer): Promise<void> {
    const key = messages[0]?.shardingKey ?? ''
    const queueId = messages[0]?.queueId ?? 0
    if (this.#busy.has(key)) this.faults.push(`${key} had two calls`)
    this.#busy.set(key, queueId)
    this.widest = Math.max(this.widest, [...this.#busy.values()].filter(each => each === queueId).length)
    for (const message of messages) this.#begin(key, message, consumer)
    for (let turns = 1 + (this.handled % 60); turns > 0; turns--) await nextTurn()
    this.#busy.delete(key)
    this.handled += messages.length
    this.#site.changes.notify()
  }

  /** Resolves when so many messages of each key have been handled. */
  async complete(count: number): Promise<void> {
    const isComplete = (): boolean => this.#busy.size === 0 && KEYS.every(key => this.#highest.get(key) === count - 1)
    const what = (): string => `${count} messages of each key; there came ${JSON.stringify([...this.#highest])}`
    await this.#site.until(isComplete, { what })
  }

  #begin(key: string, message: MessageExt, consumer: PushConsumer): void {
    const index = Number(message.text())
    const tenure = this.#tenures.get(consumer) as object
    if (message.shardingKey !== key) this.faults.push(`${message.shardingKey} is in a batch of ${key}`)
    const last = this.#last.get(key)
    const highest = this.#highest.get(key) ?? -1
    const isNext = last?.tenure === tenure ? index === last.index + 1 : index <= highest + 1
    if (!isNext) this.faults.push(`${key}: ${index} came after ${last?.index}, of ${highest}`)
    this.#last.set(key, { index, tenure })
    this.#highest.set(key, Math.max(highest, index))
  }
}

type KeyOptions = ConsumeOptions & { ordered: 'key' }

function member(site: Site, watch: OrderWatch, settings: ConsumerSettings, options: KeyOptions): PushConsumer {
  const consumer = site.newConsumer(settings)
  watch.follow(consumer)
  consumer.on('listenerError', error => watch.faults.push(error.message))
  return consumer.consume(options, messages => watch.handle(messages, consumer))
}

/** The progress of the topic's only queue. */
const queueOf = (consumer: PushConsumer, topic: string) =>
  consumer.stats().queues.find(({ queue }) => queue.topic === topic)

describeSideBySide('order by key', cluster => {
  for (const batchSize of [1, 4]) {
    cluster.it(`holds for each key, several of one queue at a time, in batches of ${batchSize}`, async site => {
      const topic = await site.freshTopic(2)
      const watch = new OrderWatch(site)
      const consumer = member(site, watch, {}, { ordered: 'key', concurrency: 8, batchSize }).subscribe(topic)
      const producer = await site.producer()
      await sendEach(producer, topic, { from: 0, to: 20 })
      await consumer.start()
      await sendEach(producer, topic, { from: 20, to: 40 })
      await watch.complete(40)
      expect(watch.faults).toEqual([])
      expect(watch.handled).toBe(KEYS.length * 40)
      expect(watch.widest).toBeGreaterThan(1)
    })
  }

  cluster.it('lets messages without a key pass each other', async site => {
    const topic = await site.freshTopic(1)
    const [producer, inbox] = [await site.producer(), site.newInbox()]
    let release = (): void => undefined
    const held = new Promise<void>(resolve => (release = resolve))
    const consumer = site.newConsumer().subscribe(topic)
    consumer.consumeEach({ ordered: 'key' }, async message => {
      if (message.text() === 'slow') await held
      inbox.take(message)
    })
    await consumer.start()
    for (const body of ['slow', 'one', 'two']) await producer.send({ topic, body })
    await inbox.first(2)
    expect(inbox.texts.toSorted()).toEqual(['one', 'two'])
    release()
    await inbox.first(3)
  })

  cluster.it('holds while queues go from member to member, and nothing is lost', async site => {
    const [topic, consumerGroup] = [await site.freshTopic(4), site.freshGroup()]
    const watch = new OrderWatch(site)
    const ownership = new Ownership(topic, site.changes)
    const producer = await site.producer()
    const join = async (): Promise<PushConsumer> => {
      const consumer = member(site, watch, { consumerGroup }, { ordered: 'key', concurrency: 8 }).subscribe(topic)
      ownership.follow(consumer)
      await consumer.start()
      return consumer
    }
    const leave = async (consumer: PushConsumer): Promise<void> => {
      await consumer.shutdown()
      ownership.left(consumer)
    }
    const settled = (shares: string): Promise<void> =>
      site.until(() => ownership.isEachOnce(4) && ownership.shares.join() === shares, {
        what: () => `shares of ${shares}, not ${ownership.shares.join()}`,
        withinMs: MEMBERS_SETTLE_MS,
      })
    const during = async <T>(from: number, change: Promise<T>): Promise<T> => {
      const [changed] = await Promise.all([change, sendEach(producer, topic, { from, to: from + 30 })])
      return changed
    }
    const first = await during(0, join())
    await settled('4')
    const second = await during(30, join())
    await settled('2,2')
    await during(60, leave(first))
    await settled('4')
    await during(90, Promise.all([join(), leave(second)]))
    await settled('4')
    await watch.complete(120)
    expect(watch.faults).toEqual([])
  })

  cluster.it(
    'has a failing key tried again in place, then puts its message to the dead letters and goes on',
    async site => {
      const [topic, consumerGroup] = [await site.freshTopic(1), site.freshGroup()]
      const [producer, inbox] = [await site.producer(), site.newInbox()]
      const settings = { consumerGroup, maxReconsumeTimes: 2, suspendCurrentQueueTimeMs: 300 }
      const consumer = site.newConsumer(settings).subscribe(topic)
      const results = [
        () => SUSPEND,
        // The other key does not wait for this one.
        async () => {
          await inbox.text('good 2')
          throw new Error('a defect')
        },
        () => ({ status: SUSPEND, suspendMs: 10 }),
      ]
      const blocked: unknown[] = []
      consumer.consumeEach({ ordered: 'key' }, message => {
        if (message.text() === 'bad 1') blocked.push(queueOf(consumer, topic)?.blockedBy)
        inbox.take(message)
        return message.text() === 'bad 1' ? (results.shift()?.() as 'SUCCESS') : 'SUCCESS'
      })
      await consumer.start()
      for (const body of ['bad 0', 'bad 1', 'bad 2']) await producer.send({ topic, body }, { shardingKey: 'bad' })
      for (const body of ['good 0', 'good 1', 'good 2']) await producer.send({ topic, body }, { shardingKey: 'good' })
      await inbox.text('bad 2')
      const ofKey = (name: string): string[] => inbox.texts.filter(text => text.startsWith(name))
      expect(ofKey('bad')).toEqual(['bad 0', 'bad 1', 'bad 1', 'bad 1', 'bad 2'])
      expect(ofKey('good')).toEqual(['good 0', 'good 1', 'good 2'])
      const tries = inbox.messages.filter(message => message.text() === 'bad 1')
      expect(tries.map(({ reconsumeTimes }) => reconsumeTimes)).toEqual([0, 1, 2])
      expect(new Set(tries.map(({ offsetMsgId }) => offsetMsgId)).size).toBe(1)
      const offset = tries[0]?.queueOffset
      expect(blocked.slice(1)).toEqual([1, 2].map(reconsumeTimes => ({ offset, shardingKey: 'bad', reconsumeTimes })))
      const admin = await site.admin()
      const deadLetters = `%DLQ%${consumerGroup}`
      await answered(
        () => admin.topics(),
        topics => topics.includes(deadLetters),
        { what: 'a topic of dead letters' },
      )
      const dead = await (await site.reader(deadLetters)).inbox.text('bad 1')
      expect(dead).toMatchObject({ shardingKey: 'bad', msgId: tries[0]?.msgId })
      expect(dead.properties).toMatchObject({ RETRY_TOPIC: topic, ORIGIN_MESSAGE_ID: tries[0]?.offsetMsgId })
      // Not by way of the retry topic.
      const retried = await admin.topicStats(`%RETRY%${consumerGroup}`)
      expect(retried.map(({ maxOffset }) => maxOffset).filter(maxOffset => maxOffset !== 0)).toEqual([])
      await site.until(() => queueOf(consumer, topic)?.commitOffset === 6, { what: 'all to be handled' })
    },
  )

  cluster.it(
    'runs other keys on beside one that hangs until the limit of the span, and tells which it is',
    async site => {
      const topic = await site.freshTopic(1)
      const [producer, inbox] = [await site.producer(), site.newInbox()]
      const consumer = site.newConsumer({ consumeConcurrentlyMaxSpan: 20, pullBatchSize: 4 }).subscribe(topic)
      let release = (): void => undefined
      const held = new Promise<void>(resolve => (release = resolve))
      consumer.consumeEach({ ordered: 'key' }, async message => {
        if (message.text() === 'hangs') await held
        inbox.take(message)
      })
      await producer.send({ topic, body: 'hangs' }, { shardingKey: 'sick' })
      for (let index = 0; index < 60; index++)
        await producer.send({ topic, body: String(index) }, { shardingKey: `well ${index % 7}` })
      await consumer.start()
      await inbox.first(20)
      const blocked = (): unknown => queueOf(consumer, topic)?.blockedBy
      await site.until(() => blocked() !== undefined, { what: 'a queue that is blocked' })
      expect(blocked()).toEqual({ offset: 0, shardingKey: 'sick', reconsumeTimes: 0 })
      const admin = await site.admin()
      for (let ask = 0; ask < 5; ask++) await admin.topicStats(topic)
      expect(inbox.messages.length).toBeLessThan(30)
      release()
      await inbox.first(61)
      await site.until(() => queueOf(consumer, topic)?.commitOffset === 61, { what: 'all to be handled' })
      expect(blocked()).toBeUndefined()
    },
  )

  cluster.it('goes on after a restart, in order, and not from the beginning', async site => {
    const [topic, consumerGroup] = [await site.freshTopic(1), site.freshGroup()]
    const watch = new OrderWatch(site)
    const producer = await site.producer()
    for (const [from, to] of [
      [0, 10],
      [10, 20],
    ] as const) {
      const consumer = member(site, watch, { consumerGroup }, { ordered: 'key' }).subscribe(topic)
      await consumer.start()
      await sendEach(producer, topic, { from, to })
      await watch.complete(to)
      await consumer.shutdown()
    }
    expect(watch.faults).toEqual([])
    // A pull that a busy broker looks at late sets the offset back to what was handled when it was sent.
    expect(watch.handled).toBeLessThan(KEYS.length * 30)
  })
})
