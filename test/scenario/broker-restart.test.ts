import type { MessageExt, PushConsumer } from '../../lib/index'
import { systemClock } from '../../lib/runtime/clock'
import { describeOwnCluster } from '../support/cluster'
import { Load } from '../support/load'
import { OrderChecker } from '../support/order-checker'
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
  cluster.it('fault 1: a broker that is killed and comes back loses no acknowledged message', async site => {
    const { load } = await traffic(site)
    const broker = serverOf(site, 'broker-a')
    await broker.kill()
    await load.acknowledged(200, 'broker-b')
    await broker.restart()
    load.recovery.faultEnds('broker-a')
    await load.acknowledged(100, 'broker-a')
    await load.tell(1, 'one of two brokers is killed and started again', { withinMs: 10_000 })
    expect(load.failed).toEqual([])
  })

  // A broker of 5.x that goes answers GO_AWAY; one of 4.9 closes its connections.
  cluster.it('fault 13: a broker that is restarted in order fails no send and loses no message', async site => {
    const { load } = await traffic(site)
    await serverOf(site, 'broker-b').restart()
    load.recovery.faultEnds('broker-b')
    await load.acknowledged(100, 'broker-b')
    await load.tell(13, 'a broker is restarted in order', { withinMs: 3000 })
    expect(load.failed).toEqual([])
  })

  cluster.it('fault 3: a broker that is gone for good is given up by its producers and consumers', async site => {
    const { topic, load, consumer } = await traffic(site)
    await serverOf(site, 'broker-a').kill()
    load.recovery.faultEnds()
    await load.acknowledged(200, 'broker-b')
    const owned = () => consumer.stats().queues.filter(({ queue }) => queue.topic === topic)
    const brokers = () => [...new Set(owned().map(({ queue }) => queue.brokerName))]
    await site.until(() => brokers().join() === 'broker-b', {
      what: () => `queues of broker-b only, not ${brokers().join()}`,
    })
    // What was under way to it ends; from then on nothing is heard of it any more.
    await load.acknowledged(500)
    const reported = site.backgroundErrors.length
    await load.acknowledged(500)
    expect(site.backgroundErrors.slice(reported)).toEqual([])
    // What it had acknowledged and not yet given out is with it: the books can be closed once it is back.
    await serverOf(site, 'broker-a').restart()
    await load.tell(3, 'one of two brokers is gone', { withinMs: 5000 })
    expect(load.failed).toEqual([])
  })

  // The last one, as the name server does not come back.
  cluster.it('fault 5: a name server that is killed is not missed: new topics are known to the other', async site => {
    const { load } = await traffic(site)
    await site.nameServers[0]?.kill()
    load.recovery.faultEnds()
    await load.acknowledged(200)
    const topic = await site.freshTopic(2)
    const [producer, { inbox }] = await Promise.all([site.producer(), site.reader(topic)])
    await producer.send({ topic, body: 'by the other name server' })
    await inbox.text('by the other name server')
    await load.tell(5, 'one of two name servers is killed', { withinMs: 5000 })
    expect(load.failed).toEqual([])
  })
})

describeOwnCluster('while messages are consumed in order', {}, cluster => {
  cluster.it('fault 1: a broker that comes back without its locks has no queue handled in two places', async site => {
    const topic = await site.freshTopic(4)
    const load = new Load(site)
    const order = new OrderChecker()
    const consumerGroup = site.freshGroup()
    const handle = async (message: MessageExt): Promise<void> => {
      const lane = `queue ${message.queueId}`
      // After a restart what was not committed comes again, to whomever, but nothing is passed over.
      order.begin(lane, message.queueOffset, {})
      await systemClock.sleep(10)
      order.end(lane)
      load.take(message)
    }
    for (let member = 0; member < 3; member++) {
      const options = { consumerGroup, pollNameServerIntervalMs: 500, persistConsumerOffsetIntervalMs: 500 }
      const consumer = site.newConsumer(options).subscribe(topic).consumeEach({ ordered: 'queue' }, handle)
      await consumer.start()
    }
    const producer = await site.producer({ pollNameServerIntervalMs: 500, sendTimeoutMs: 3000 })
    load.start(producer, topic, { atATime: 1 })
    await load.acknowledged(100)
    const failed = load.failed.length
    await serverOf(site, 'broker-a').kill()
    await site.until(() => load.failed.length > failed + 1, { what: 'sends that fail, after all their tries' })
    await serverOf(site, 'broker-a').restart()
    load.recovery.faultEnds()
    await load.acknowledged(100)
    await load.tell(1, 'the broker of an orderly group is killed and started again', { withinMs: 10_000 })
    expect(order.faults).toEqual([])
  })
})
