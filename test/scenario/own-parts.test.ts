import {
  type AllocateMessageQueueStrategy,
  type MessageQueue,
  type OffsetStore,
  allocateAveragely,
} from '../../lib/index'
import { describeScenario } from '../support/cluster'

const keyOf = ({ topic, brokerName, queueId }: MessageQueue): string => `${topic} ${brokerName} ${queueId}`

/** What a user may write: keeps what is persisted in a map that outlives its consumers. */
class MapOffsetStore implements OffsetStore {
  readonly written: Map<string, number>
  readonly #memory = new Map<string, number>()
  readonly #frozen = new Set<string>()

  constructor(written: Map<string, number>) {
    this.written = written
  }

  async load(): Promise<void> {
    for (const [key, offset] of this.written) this.#memory.set(key, offset)
  }

  async read(queue: MessageQueue): Promise<number | undefined> {
    return this.written.get(keyOf(queue))
  }

  current(queue: MessageQueue): number | undefined {
    return this.#memory.get(keyOf(queue))
  }

  update(queue: MessageQueue, offset: number, { increaseOnly }: { increaseOnly: boolean }): void {
    const key = keyOf(queue)
    if (this.#frozen.has(key) || (increaseOnly && (this.#memory.get(key) ?? -1) > offset)) return
    this.#memory.set(key, offset)
  }

  freeze(queue: MessageQueue, offset: number): void {
    this.#memory.set(keyOf(queue), offset)
    this.#frozen.add(keyOf(queue))
  }

  async persist(queues: readonly MessageQueue[]): Promise<void> {
    for (const key of queues.map(keyOf)) {
      const offset = this.#memory.get(key)
      if (offset !== undefined) this.written.set(key, offset)
    }
  }

  remove(queue: MessageQueue): void {
    this.#memory.delete(keyOf(queue))
    this.#frozen.delete(keyOf(queue))
  }
}

/** Everything for the member that comes first. */
const FIRST_TAKES_ALL: AllocateMessageQueueStrategy = {
  name: 'FIRST_TAKES_ALL',
  allocate: ({ clientId, clientIds, queues }) => (clientIds[0] === clientId ? [...queues] : []),
}

describeScenario('an offset store of the user’s own', cluster => {
  cluster.it('is where a push consumer begins and goes on', async site => {
    const topic = await site.freshTopic(1)
    const producer = await site.producer()
    const written = new Map<string, number>()
    const consumerGroup = site.freshGroup()
    const first = await site.reader(topic, { consumerGroup, offsetStore: new MapOffsetStore(written) })
    for (const body of ['1', '2']) await producer.send({ topic, body })
    await first.inbox.first(2)
    await first.consumer.shutdown()
    expect([...written].filter(([key]) => key.startsWith(topic)).map(([, offset]) => offset)).toEqual([2])
    await producer.send({ topic, body: '3' })
    const next = await site.reader(topic, { consumerGroup, offsetStore: new MapOffsetStore(written) })
    await next.inbox.first(1)
    expect(next.inbox.texts).toEqual(['3'])
  })

  cluster.it('is where a lite pull consumer commits to', async site => {
    const topic = await site.freshTopic(1)
    await (await site.producer()).send({ topic, body: '1' })
    const written = new Map<string, number>()
    const consumer = await site.litePullConsumer(topic, { offsetStore: new MapOffsetStore(written), autoCommit: false })
    while ((await consumer.poll()).length === 0) continue
    expect(written.size).toBe(0)
    await consumer.commit()
    expect([...written.values()]).toEqual([1])
    expect(await consumer.committed(consumer.assignment()[0] as MessageQueue)).toBe(1)
  })

  cluster.it('is what the tasks of a pull consumer read and write', async site => {
    const topic = await site.freshTopic(1)
    const written = new Map<string, number>()
    const consumer = site.newPullConsumer({ offsetStore: new MapOffsetStore(written) })
    const seen: (number | undefined)[] = []
    consumer.schedule(topic, async queue => {
      const offset = await consumer.fetchConsumeOffset(queue)
      seen.push(offset)
      await consumer.updateConsumeOffset(queue, (offset ?? 0) + 5)
      site.changes.notify()
    })
    await consumer.start()
    await site.changes.until(() => seen.length >= 3, { what: 'three runs of the task' })
    expect(seen.slice(0, 3)).toEqual([undefined, 5, 10])
    expect([...written.values()][0]).toBeGreaterThanOrEqual(15)
  })
})

describeScenario('a strategy of the user’s own', cluster => {
  cluster.it('shares the queues of push consumers', async site => {
    const topic = await site.freshTopic(4)
    const options = { consumerGroup: site.freshGroup(), allocateStrategy: FIRST_TAKES_ALL }
    const members = [await site.reader(topic, options), await site.reader(topic, options)]
    const counts = (): number[] =>
      members.map(({ consumer }) => consumer.stats().queues.filter(({ queue }) => queue.topic === topic).length)
    await site.changes.until(() => counts().toSorted().join() === '0,4', {
      what: () => `all for one: ${counts().join()}`,
    })
    const first = members.toSorted((a, b) => ((a.consumer.clientId ?? '') < (b.consumer.clientId ?? '') ? -1 : 1))[0]
    expect(first?.consumer.stats().queues.filter(({ queue }) => queue.topic === topic)).toHaveLength(4)
  })

  cluster.it('shares the queues of lite pull consumers and of scheduled tasks', async site => {
    const topic = await site.freshTopic(4)
    const lite = { consumerGroup: site.freshGroup(), allocateStrategy: FIRST_TAKES_ALL }
    const pollers = [await site.litePullConsumer(topic, lite), await site.litePullConsumer(topic, lite)]
    const scheduled = { consumerGroup: site.freshGroup(), allocateStrategy: FIRST_TAKES_ALL }
    const pullers = [site.newPullConsumer(scheduled), site.newPullConsumer(scheduled)]
    for (const puller of pullers) await puller.schedule(topic, async () => undefined).start()
    const counts = (): string =>
      [pollers.map(each => each.assignment().length), pullers.map(each => each.stats().queues.length)]
        .map(each => each.toSorted().join())
        .join(' ')
    await site.changes.until(() => counts() === '0,4 0,4', { what: () => `all for one: ${counts()}` })
  })

  cluster.it('that fails is told, and nothing is given up for it', async site => {
    const topic = await site.freshTopic(1)
    const broken: AllocateMessageQueueStrategy = {
      name: 'BROKEN',
      allocate: input => {
        if (isBroken) throw new Error('a bug')
        return allocateAveragely.allocate(input)
      },
    }
    let isBroken = false
    const { inbox, consumer } = await site.reader(topic, { allocateStrategy: broken })
    isBroken = true
    consumer.subscribe(await site.freshTopic(1))
    const isTold = ({ cause }: { cause?: unknown }): boolean => cause instanceof Error && cause.message === 'a bug'
    await site.changes.until(() => site.backgroundErrors.some(isTold), { what: 'the failure of the strategy' })
    await (await site.producer()).send({ topic, body: 'm' })
    await inbox.text('m')
  })
})
