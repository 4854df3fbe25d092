import { describeEmulatorOnly, describeSideBySide } from '../support/cluster'
import { Load } from '../support/load'
import { MovingBroker } from '../support/moving-broker'

/** The matrix allows one regular question for routes, every 30 s, and 5 s more. */
const ROUTE_MS = 35_000
const POLL_SOON = { pollNameServerIntervalMs: 200 }

describeEmulatorOnly('a broker', cluster => {
  cluster.it('fault 2: that comes back with a new address is found long before routes are asked for', async site => {
    const topic = await site.freshTopic()
    const broker = await MovingBroker.of(site)
    const load = new Load(site)
    const producer = await site.producer()
    await site.consumer(topic, {}, load.take)
    load.start(producer, topic, { mayFail: true })
    await load.acknowledged(100)
    await broker.move()
    load.recovery.faultEnds()
    await load.acknowledged(100)
    await load.tell(2, 'the broker returns with a new address', { withinMs: ROUTE_MS })
  })
})

describeEmulatorOnly(
  'a topic',
  cluster => {
    cluster.it('fault 16: that comes to be on another broker, too, is read and written there', async site => {
      const topic = `${site.freshGroup()}-topic`
      const admin = await site.admin()
      const createOn = (broker: number): Promise<void> => {
        const brokerAddress = site.brokers[broker]?.address
        return admin.createTopic({ topic, readQueueNums: 2, writeQueueNums: 2, brokerAddress })
      }
      await createOn(0)
      const load = new Load(site)
      const producer = await site.producer(POLL_SOON)
      await site.consumer(topic, POLL_SOON, load.take)
      load.start(producer, topic)
      await load.acknowledged(100, 'broker-a')
      await createOn(1)
      load.recovery.faultEnds('broker-b')
      await load.acknowledged(100, 'broker-b')
      await load.tell(16, 'a topic is created on another broker', { withinMs: ROUTE_MS })
      expect(load.failed).toEqual([])
    })
  },
  { brokers: 2 },
)

describeSideBySide('a topic', cluster => {
  cluster.it('fault 16: that gets more queues is read and written in all of them', async site => {
    const topic = await site.freshTopic(1)
    const load = new Load(site)
    const producer = await site.producer(POLL_SOON)
    const queues = new Set<number>()
    await site.consumer(topic, POLL_SOON, message => {
      queues.add(message.queueId)
      // The recovery counts what comes from a queue that was added.
      if (message.queueId > 0) load.take(message)
      else load.ledger.consumed(message.text())
      site.changes.notify()
    })
    load.start(producer, topic)
    await load.acknowledged(50)
    await (await site.admin()).createTopic({ topic, readQueueNums: 6, writeQueueNums: 6 })
    load.recovery.faultEnds()
    await site.until(() => queues.size === 6, { what: () => `messages of 6 queues, not ${queues.size}` })
    await load.tell(16, 'a topic gets more queues', { withinMs: ROUTE_MS })
    expect(load.failed).toEqual([])
  })
})
