import type { LitePullConsumer, MessageQueue } from '../../lib/index'
import { describeEmulatorOnly, describeOwnCluster, describeScenario } from '../support/cluster'
import { Load } from '../support/load'
import { polledTexts } from '../support/polled'
import type { Site } from '../support/site'

const bodies = (count: number) => Array.from({ length: count }, (_, index) => `m${index}`)

async function withMessages(site: Site, count: number): Promise<string> {
  const topic = await site.freshTopic(1)
  const producer = await site.producer()
  for (const body of bodies(count)) await producer.send({ topic, body })
  await site.stored(topic, count)
  return topic
}

/** Takes what a consumer returns until it ends. */
async function takeAll(consumer: LitePullConsumer, load: Load): Promise<void> {
  for await (const batch of consumer) for (const message of batch) load.take(message)
}

describeOwnCluster('while messages are sent and polled', { brokers: 2, nameServers: 1 }, cluster => {
  cluster.it('a broker that is killed and comes back loses no acknowledged message', async site => {
    const topic = await site.freshTopic(4)
    const load = new Load(site)
    const options = { pollNameServerIntervalMs: 500 }
    const producer = await site.producer(options)
    const consumer = await site.litePullConsumer(topic, { ...options, pullBatchSize: 32 })
    const reading = takeAll(consumer, load)
    load.start(producer, topic)
    await Promise.all([load.acknowledged(100, 'broker-a'), load.acknowledged(100, 'broker-b')])
    const broker = site.brokers.find(({ name }) => name === 'broker-a')
    await broker?.kill()
    await load.acknowledged(200, 'broker-b')
    await broker?.restart()
    await load.acknowledged(100, 'broker-a')
    await load.allArrived()
    expect(load.failed).toEqual([])
    await consumer.shutdown()
    await reading
  })
})

describeEmulatorOnly('the pulls of a lite pull consumer', cluster => {
  const command = cluster.version === '5' ? 'LITE_PULL_MESSAGE' : 'PULL_MESSAGE'

  cluster.it('have a request of their own on brokers from 5.0', async site => {
    const topic = await withMessages(site, 3)
    const control = site.control(command, () => 'pass', { times: 'keep' })
    const consumer = await site.litePullConsumer(topic)
    await polledTexts(consumer, 3)
    expect(control.seen).toBeGreaterThan(0)
  })

  cluster.it('are slowed by a busy broker, which is no error', async site => {
    const topic = await withMessages(site, 3)
    const control = site.control(command, () => ({ code: 'FLOW_CONTROL', remark: 'slower' }) as const, { times: 5 })
    const consumer = await site.litePullConsumer(topic)
    expect(await polledTexts(consumer, 3)).toEqual(bodies(3))
    expect(control.seen).toBe(5)
    expect(site.backgroundErrors).toEqual([])
  })

  cluster.it('go on after connections that break, which is told', async site => {
    const topic = await withMessages(site, 3)
    site.control(command, () => 'close', { times: 2 })
    const consumer = await site.litePullConsumer(topic)
    expect(await polledTexts(consumer, 3)).toEqual(bodies(3))
    expect(site.backgroundErrors.map(({ code }) => code)).toContain('CHANNEL_CLOSED')
  })

  cluster.it('go on where the broker says after an offset that it does not have any more', async site => {
    const topic = await withMessages(site, 9)
    const header = { suggestWhichBrokerId: 0, nextBeginOffset: 6, minOffset: 6, maxOffset: 9 }
    site.control(command, () => ({ code: 'PULL_OFFSET_MOVED', header, body: Buffer.alloc(0) }) as const)
    const consumer = await site.litePullConsumer(topic)
    expect(await polledTexts(consumer, 3)).toEqual(bodies(9).slice(6))
    const [queue] = consumer.assignment() as [MessageQueue]
    await consumer.commit()
    expect(await consumer.committed(queue)).toBe(9)
  })
})

describeScenario('a condition', cluster => {
  const SQL = { sql92: 'n > 1' }

  async function withNumbers(site: Site): Promise<string> {
    const topic = await site.freshTopic(1)
    const producer = await site.producer()
    for (const n of [1, 2, 3]) await producer.send({ topic, body: `n${n}`, properties: { n: `${n}` } })
    await site.stored(topic, 3)
    return topic
  }

  cluster.it('chooses what a lite pull consumer gets of shared and of chosen queues', async site => {
    const topic = await withNumbers(site)
    const shared = await site.litePullConsumer(topic, { expression: SQL })
    expect(await polledTexts(shared, 2)).toEqual(['n2', 'n3'])
    const chosen = site.newLitePullConsumer()
    await chosen.start()
    await chosen.assign(await chosen.fetchMessageQueues(topic), { expression: SQL })
    expect(await polledTexts(chosen, 2)).toEqual(['n2', 'n3'])
    expect(site.backgroundErrors).toEqual([])
  })

  cluster.it('chooses what a pull gets', async site => {
    const topic = await withNumbers(site)
    const consumer = await site.pullConsumer()
    const [queue] = (await consumer.fetchMessageQueues(topic)) as [MessageQueue]
    const { messages, nextBeginOffset } = await consumer.pull(queue, { offset: 0, expression: SQL })
    expect([messages.map(message => message.text()), nextBeginOffset]).toEqual([['n2', 'n3'], 3])
  })

  cluster.it('that brokers do not understand is refused before anything is pulled', async site => {
    const topic = await withNumbers(site)
    const wrong = { sql92: 'n >' }
    const refused = { code: 'INVALID_EXPRESSION', topic }
    await expect(site.litePullConsumer(topic, { expression: wrong })).rejects.toMatchObject(refused)
    const chosen = site.newLitePullConsumer()
    await chosen.start()
    const queues = await chosen.fetchMessageQueues(topic)
    await expect(chosen.assign(queues, { expression: wrong })).rejects.toMatchObject(refused)
    expect(chosen.assignment()).toEqual([])
    const consumer = await site.pullConsumer()
    const pulled = consumer.pull(queues[0] as MessageQueue, { offset: 0, expression: wrong })
    await expect(pulled).rejects.toMatchObject(refused)
  })
})

describeScenario('an administrator who asks', cluster => {
  cluster.it('is told what pull consumers do, and how far they are', async site => {
    const topic = await withMessages(site, 3)
    const lite = await site.litePullConsumer(topic)
    const raw = await site.pullConsumer()
    await polledTexts(lite, 3)
    await lite.commit()
    const admin = await site.admin()
    const member = (consumer: { consumerGroup: string; clientId: string | undefined }) => ({
      consumerGroup: consumer.consumerGroup,
      clientId: consumer.clientId ?? '',
    })
    const info = await admin.consumerRunningInfo(member(lite), { jstack: true })
    expect(info.properties.get('PROP_CONSUME_TYPE')).toBe('CONSUME_ACTIVELY')
    const [queue] = lite.assignment() as [MessageQueue]
    expect(info.mqTable).toEqual([[queue, expect.objectContaining({ commitOffset: 3, cachedMsgCount: 0 })]])
    expect(info.jstack).toContain(`${topic} ${queue.brokerName} 0: pulls; next pull at 3`)
    expect(await admin.consumerStatus(lite.consumerGroup, topic)).toMatchObject([{ queue, offset: 3 }])
    expect((await admin.consumerRunningInfo(member(raw))).mqTable).toEqual([])
  })
})
