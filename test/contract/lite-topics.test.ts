import { LiteSimpleConsumer, type LiteSimpleConsumerOptions, type MessageExt } from '../../lib/index'
import { describeScenario, describeSideBySideAt } from '../support/cluster'
import { startOwnServers } from '../support/running-cluster'
import type { Site } from '../support/site'
import { runAdmin } from './real/mqadmin'
import { requireTarget } from './real/target'

const { version, ownClusters } = requireTarget()
const brokerConf = { enableLmq: 'true', enableMultiDispatch: 'true' }

/** Runs the admin tool on a cluster; it prints most of its errors only. */
async function tool(site: Site, ...args: string[]): Promise<void> {
  const printed = await runAdmin(version, [...args, '-n', site.namesrvAddr])
  if (/exception/i.test(printed)) throw new Error(printed)
}

/** A topic of type LITE and a group that is bound to it. */
async function litePlace(site: Site): Promise<{ topic: string; consumerGroup: string }> {
  const topic = `Lite_${site.freshGroup()}`
  const consumerGroup = site.freshGroup()
  await (await site.admin()).createTopic({ topic, readQueueNums: 4, writeQueueNums: 4, messageType: 'LITE' })
  const attributes = `+lite.bind.topic=${topic}`
  await tool(site, 'updateSubGroup', '-g', consumerGroup, '-c', 'DefaultCluster', '--attributes', attributes)
  return { topic, consumerGroup }
}

async function liteConsumer(
  site: Site,
  options: Pick<LiteSimpleConsumerOptions, 'topic' | 'consumerGroup'>,
): Promise<LiteSimpleConsumer> {
  const consumer = new LiteSimpleConsumer({ namesrvAddr: site.namesrvAddr, invisibleDurationMs: 30_000, ...options })
  site.onEnd(() => consumer.shutdown())
  await consumer.start()
  return consumer
}

/** Receives and acknowledges what there is within `awaitDurationMs`. */
async function taken(consumer: LiteSimpleConsumer, awaitDurationMs: number): Promise<readonly MessageExt[]> {
  const messages = await consumer.receive({ awaitDurationMs })
  for (const message of messages) await consumer.ack(message)
  return messages
}

/** Receives, acknowledges at once, and resolves with the first `count` messages. */
async function received(consumer: LiteSimpleConsumer, count: number): Promise<MessageExt[]> {
  const all: MessageExt[] = []
  for (let tries = 0; all.length < count && tries < 20; tries++) all.push(...(await taken(consumer, 5000)))
  return all
}

const shown = (message: MessageExt): string =>
  `${message.topic.split('_')[0]} ${message.properties['__LITE_TOPIC']} ${message.queueOffset} ${message.text()}`

const place = {
  name: `RocketMQ ${version}, with lite topics`,
  kind: 'real',
  version: '5',
  start: () => startOwnServers({ version, brokerConf }),
} as const
const hasThem = version === '5.5.0' && ownClusters

describeSideBySideAt(hasThem ? [place] : [], 'lite topics', cluster => {
  cluster.it('are read by whoever wants them, each in its order', async site => {
    const { topic, consumerGroup } = await litePlace(site)
    const producer = await site.producer()
    const consumer = await liteConsumer(site, { topic, consumerGroup })
    await consumer.subscribeLite(['a', 'b'], { from: 'FIRST_OFFSET' })
    for (const body of ['1', '2'])
      for (const liteTopic of ['a', 'b', 'c']) await producer.send({ topic, liteTopic, body })
    const messages = await received(consumer, 4)
    expect(messages.map(shown).toSorted()).toEqual(['Lite a 0 1', 'Lite a 1 2', 'Lite b 0 1', 'Lite b 1 2'])
    await consumer.unsubscribeLite(['a'])
    await consumer.subscribeLite(['c'], { from: 'FIRST_OFFSET' })
    await producer.send({ topic, liteTopic: 'a', body: '3' })
    expect(consumer.liteTopics).toEqual(['b', 'c'])
    const ofC = await received(consumer, 2)
    // What the broker had ready of `a` may still come.
    for (let more = await taken(consumer, 1000); more.length > 0; more = await taken(consumer, 1000)) ofC.push(...more)
    const isOfC = (text: string): boolean => text.startsWith('Lite c')
    expect(ofC.map(shown).filter(isOfC)).toEqual(['Lite c 0 1', 'Lite c 1 2'])
    for (const liteTopic of ['a', 'c']) await producer.send({ topic, liteTopic, body: '4' })
    expect((await received(consumer, 1)).map(shown)).toEqual(['Lite c 2 4'])
    expect(await taken(consumer, 1000)).toEqual([])
  })

  cluster.it('hold back what follows a message that is not acknowledged, until its time is over', async site => {
    const { topic, consumerGroup } = await litePlace(site)
    const producer = await site.producer()
    const consumer = await liteConsumer(site, { topic, consumerGroup })
    await consumer.subscribeLite(['a'], { from: 'FIRST_OFFSET' })
    for (const body of ['1', '2']) await producer.send({ topic, liteTopic: 'a', body })
    const [first] = await consumer.receive({ maxMessages: 1, awaitDurationMs: 20_000 })
    expect(first?.text()).toBe('1')
    expect(await consumer.receive({ awaitDurationMs: 1500 })).toEqual([])
    await consumer.changeInvisibleDuration(first as MessageExt, 1000)
    const again = await received(consumer, 2)
    expect(again.map(message => message.text())).toEqual(['1', '2'])
    expect(again[0]?.reconsumeTimes).toBe(1)
  })

  cluster.it('need a group that is bound to their topic', async site => {
    const { topic } = await litePlace(site)
    const consumer = await liteConsumer(site, { topic, consumerGroup: (await litePlace(site)).consumerGroup })
    await consumer.subscribeLite(['a'])
    await expect(consumer.receive({ awaitDurationMs: 0 })).rejects.toMatchObject({ responseCode: 'INVALID_PARAMETER' })
  })
})

if (!hasThem)
  describeScenario('lite topics', cluster =>
    cluster.skip(
      'are read by whoever wants them',
      'only own brokers from 5.5, told so by their configuration, have them',
    ),
  )
