import type { MessageExt, PushConsumer } from '../../lib/index'
import { systemClock } from '../../lib/runtime/clock'
import { describeOwnCluster } from '../support/cluster'
import { Load } from '../support/load'
import type { Site } from '../support/site'

interface Traffic {
  readonly topic: string
  readonly load: Load
  readonly consumer: PushConsumer
}

/** A producer and a consumer at work, with messages on both brokers. */
async function traffic(site: Site): Promise<Traffic> {
  const topic = await site.freshTopic(4)
  const load = new Load(site)
  const options = { pollNameServerIntervalMs: 500 }
  const producer = await site.producer(options)
  const consumer = await site.consumer(topic, options, load.take)
  load.start(producer, topic)
  await Promise.all([load.acknowledged(100, 'broker-a'), load.acknowledged(100, 'broker-b')])
  return { topic, load, consumer }
}

function serverOf({ brokers }: Site, name: string): Site['brokers'][number] {
  const broker = brokers.find(each => each.name === name)
  if (broker === undefined) throw new Error(`there is no ${name}`)
  return broker
}

describeOwnCluster('while messages are sent and consumed', { brokers: 2, nameServers: 2 }, cluster => {
  cluster.it('a broker that is killed and comes back loses no acknowledged message', async site => {
    const { load } = await traffic(site)
    const broker = serverOf(site, 'broker-a')
    await broker.kill()
    await load.acknowledged(200, 'broker-b')
    await broker.restart()
    await load.acknowledged(100, 'broker-a')
    await load.allArrived()
    expect(load.failed).toEqual([])
  })

  cluster.it('a broker that is restarted in order fails no send and loses no message', async site => {
    const { load } = await traffic(site)
    await serverOf(site, 'broker-b').restart()
    await load.acknowledged(100, 'broker-b')
    await load.allArrived()
    expect(load.failed).toEqual([])
  })

  cluster.it('a name server that is killed is not missed: routes of new topics come from the other', async site => {
    const { load } = await traffic(site)
    await site.nameServers[0]?.kill()
    await load.acknowledged(200)
    const topic = await site.freshTopic(2)
    const [producer, { inbox }] = await Promise.all([site.producer(), site.reader(topic)])
    await producer.send({ topic, body: 'by the other name server' })
    await inbox.text('by the other name server')
    await load.allArrived()
    expect(load.failed).toEqual([])
  })

  cluster.it('a broker that is gone for good is given up by its producers and consumers', async site => {
    const { topic, load, consumer } = await traffic(site)
    await serverOf(site, 'broker-a').stop()
    await load.acknowledged(200, 'broker-b')
    const owned = () => consumer.stats().queues.filter(({ queue }) => queue.topic === topic)
    const brokers = () => [...new Set(owned().map(({ queue }) => queue.brokerName))]
    await site.until(() => brokers().join() === 'broker-b', {
      what: () => `queues of broker-b only, not ${brokers().join()}`,
    })
    // From here on nothing is heard of it any more.
    const reported = site.backgroundErrors.length
    await load.acknowledged(500)
    expect(site.backgroundErrors.slice(reported)).toEqual([])
    expect(load.failed).toEqual([])
  })
})

describeOwnCluster('while messages are consumed in order', {}, cluster => {
  cluster.it('a broker that comes back without its locks has no queue handled in two places', async site => {
    const topic = await site.freshTopic(4)
    const load = new Load(site)
    const consumerGroup = site.freshGroup()
    const [busy, last, faults] = [new Set<number>(), new Map<number, number>(), [] as string[]]
    const handle = async (message: MessageExt): Promise<void> => {
      const { queueId, queueOffset } = message
      if (busy.has(queueId)) faults.push(`queue ${queueId} is handled twice at a time, at ${queueOffset}`)
      busy.add(queueId)
      const next = (last.get(queueId) ?? -1) + 1
      // After a restart what was not committed comes again, but nothing is passed over.
      if (queueOffset > next) faults.push(`queue ${queueId}: ${queueOffset} came instead of ${next}`)
      last.set(queueId, queueOffset)
      await systemClock.sleep(10)
      busy.delete(queueId)
      load.take(message)
    }
    for (let member = 0; member < 3; member++) {
      const options = { consumerGroup, pollNameServerIntervalMs: 500, persistConsumerOffsetIntervalMs: 500 }
      const consumer = site.newConsumer(options).subscribe(topic).consumeEach({ ordered: 'queue' }, handle)
      await consumer.start()
    }
    load.start(await site.producer({ pollNameServerIntervalMs: 500 }), topic, 1)
    await load.acknowledged(100)
    const failed = load.failed.length
    await serverOf(site, 'broker-a').kill()
    await site.until(() => load.failed.length > failed + 1, { what: 'sends that fail, after all their tries' })
    await serverOf(site, 'broker-a').restart()
    await load.acknowledged(100)
    await load.allArrived()
    expect(faults).toEqual([])
  })
})
