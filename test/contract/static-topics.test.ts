import type { MessageQueue } from '../../lib/index'
import { describeScenario, describeSideBySideAt } from '../support/cluster'
import { startOwnServers } from '../support/running-cluster'
import type { Site } from '../support/site'
import { answered } from '../support/until'
import { adminToolOf } from './real/admin-tool'
import { JavaPeer } from './real/java-peer'
import { requireTarget } from './real/target'

const { version, ownClusters } = requireTarget()
const QUEUES = 4
/** Brokers tell name servers of what they have every 30 s at the latest. */
const TOLD_MS = 35_000
const LOGICAL = '__syslo__global__'

/** Started where a test calls the admin tool. */
let peer: Promise<JavaPeer> | undefined
afterAll(async () => (await peer)?.close())

/** Runs the admin tool on a cluster; it prints most of its errors only. */
async function tool(site: Site, ...args: string[]): Promise<string> {
  peer ??= JavaPeer.start(version)
  const printed = await adminToolOf(await peer, site.namesrvAddr)(...args)
  if (/exception/i.test(printed)) throw new Error(printed)
  return printed
}

/**
 * A static topic whose queues name servers tell. Some are never told of: brokers register a topic under the version of an
 * earlier registration, and name servers pass over its queues then. That is no matter of a client's: another one is made.
 */
async function staticTopic(site: Site, brokerName: string, tries = 3): Promise<string> {
  const topic = `Static_${site.freshGroup()}`
  const printed = await tool(site, 'updateStaticTopic', '-t', topic, '-qn', String(QUEUES), '-b', brokerName)
  const producer = await site.producer()
  const told = (): Promise<unknown> =>
    producer.publishMessageQueues(topic).then(
      queues => queues.length,
      (error: Error) => error.message,
    )
  const what = `${QUEUES} queues of ${topic}, of which the tool printed ${printed}`
  try {
    await answered(told, queues => queues === QUEUES, { what, withinMs: TOLD_MS })
    return topic
  } catch (error) {
    if (tries === 1) throw error
    return staticTopic(site, brokerName, tries - 1)
  }
}

const placeOf = ({ brokerName, queueId }: MessageQueue): string => `${brokerName} ${queueId}`
const ALL_PLACES = Array.from({ length: QUEUES }, (_, queueId) => `${LOGICAL} ${queueId}`)

const place = {
  name: `RocketMQ ${version}, two brokers`,
  kind: 'real',
  version: '5',
  start: () => startOwnServers({ version, brokers: [{ name: 'broker-a' }, { name: 'broker-b' }] }),
} as const
const hasThem = version.startsWith('5.') && ownClusters

describeSideBySideAt(hasThem ? [place] : [], 'static topics', cluster => {
  cluster.it('have the same queues wherever they are hosted, and offsets that go on', async site => {
    const topic = await staticTopic(site, 'broker-a')
    const producer = await site.producer()
    const queues = await producer.publishMessageQueues(topic)
    expect(queues.map(placeOf)).toEqual(ALL_PLACES)
    const consumerGroup = site.freshGroup()
    const { inbox, consumer } = await site.reader(topic, { consumerGroup })
    const sendRound = (round: number): Promise<unknown> =>
      Promise.all(queues.map(queue => producer.send({ topic, body: `${round}` }, { queue })))
    await sendRound(0)
    await sendRound(1)
    await inbox.first(2 * QUEUES)
    await tool(site, 'remappingStaticTopic', '-t', topic, '-b', 'broker-b')
    // Senders and readers hear of it from name servers, within half a minute.
    await sendRound(2)
    await inbox.first(3 * QUEUES, 90_000)
    const places = inbox.messages.map(
      ({ brokerName, queueId, queueOffset }) => `${brokerName} ${queueId} ${queueOffset}`,
    )
    for (const place of ALL_PLACES) {
      const offsets = places.filter(each => each.startsWith(place)).map(each => Number(each.split(' ')[2]))
      expect(offsets).toEqual(offsets.toSorted((a, b) => a - b))
      expect(new Set(offsets).size).toBe(3)
    }
    await consumer.shutdown()
    const again = await site.reader(topic, { consumerGroup })
    await sendRound(3)
    await again.inbox.first(QUEUES)
    expect(new Set(again.inbox.texts)).toEqual(new Set(['3']))
  })

  cluster.it('are read in order, and what fails comes again', async site => {
    const topic = await staticTopic(site, 'broker-a')
    const producer = await site.producer()
    const ordered = site.newInbox()
    const inOrder = site.newConsumer().subscribe(topic)
    await inOrder.consumeEach({ ordered: 'queue' }, ordered.take).start()
    const failing = site.newInbox()
    await site.consumer(topic, {}, message => {
      failing.take(message)
      if (message.reconsumeTimes === 0) throw new Error('again')
    })
    const [queue] = await producer.publishMessageQueues(topic)
    for (const body of ['1', '2', '3']) await producer.send({ topic, body }, { queue: queue as MessageQueue })
    await ordered.first(3)
    expect(ordered.texts).toEqual(['1', '2', '3'])
    for (const text of ['1', '2', '3']) expect((await failing.text(text, { nth: 2 })).topic).toBe(topic)
  })

  cluster.it('are popped by nobody, which is told at once', async site => {
    const topic = await staticTopic(site, 'broker-a')
    const consumer = await site.simpleConsumer(topic)
    await expect(consumer.receive({ awaitDurationMs: 60_000 })).rejects.toMatchObject({
      code: 'UNSUPPORTED_BY_BROKER',
      message: expect.stringContaining(`${topic} is static`),
    })
  })

  cluster.it('are read by lite pull consumers and raw pulls, too', async site => {
    const topic = await staticTopic(site, 'broker-b')
    const producer = await site.producer()
    const [queue] = (await producer.publishMessageQueues(topic)) as [MessageQueue]
    await producer.send({ topic, body: 'm' }, { queue })
    const lite = await site.litePullConsumer(topic)
    let polled = await lite.poll()
    while (polled.length === 0) polled = await lite.poll()
    await lite.commit()
    expect(polled.map(({ brokerName, queueId }) => [brokerName, queueId])).toEqual([[LOGICAL, queue.queueId]])
    expect(await lite.committed(queue)).toBe((polled[0]?.queueOffset as number) + 1)
    const raw = await site.pullConsumer()
    const offset = await raw.minOffset(queue)
    const { messages } = await raw.pull(queue, { offset })
    expect(messages.map(message => [message.text(), message.queueOffset, message.queueId])).toEqual([
      ['m', polled[0]?.queueOffset, queue.queueId],
    ])
  })
})

if (!hasThem)
  describeScenario('static topics', cluster =>
    cluster.skip('have the same queues wherever they are hosted', 'only own brokers from 5.0 have them'),
  )
