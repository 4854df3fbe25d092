import { PULL_MESSAGE } from '../../../lib/commands/pull'
import { BrokerError, type MessageExt, type MessageQueue, type Producer, type PushConsumer } from '../../../lib/index'
import { systemClock } from '../../../lib/runtime/clock'
import { describeOwnServers } from '../../support/cluster'
import { DialedSockets } from '../../support/dialed-sockets'
import { pullHeader } from '../../support/emulator-site'
import { tellFault } from '../../support/fault-report'
import { Ledger } from '../../support/ledger'
import { loopbackClient } from '../../support/loopback-client'
import { OrderChecker } from '../../support/order-checker'
import { RecoveryClock } from '../../support/recovery-clock'
import type { Site } from '../../support/site'

/** Whatever is read counts as no longer in memory, so that brokers suggest to read on from a slave. */
const brokerConf = { slaveReadEnable: 'true', accessMessageInMemoryMaxRatio: '0' }
/** What is acknowledged is with the slave, too. */
const SYNC = { brokerRole: 'SYNC_MASTER', inSyncReplicas: '2' }
const brokers = [{ name: 'broker-a', conf: SYNC }, { name: 'broker-b' }, { name: 'broker-a', id: 1 }]
const BODY_BYTES = 1024
const BATCH = 50
const REPLICATED_TRIES = 100
const SOON = { pollNameServerIntervalMs: 500, persistConsumerOffsetIntervalMs: 500 }

/** A group with one member that reads queue by queue in order, and the books of what it was sent. */
class OrderedReading {
  readonly ledger = new Ledger()
  readonly order = new OrderChecker()
  readonly recovery = new RecoveryClock(systemClock)
  readonly sockets = new DialedSockets()
  readonly #site: Site
  readonly #topic: string
  readonly #group: string
  #tenure = {}
  #sent = 0

  constructor(site: Site, topic: string) {
    this.#site = site
    this.#topic = topic
    this.#group = site.freshGroup()
  }

  /** It reads a few at a time only, so that what is not handled is still with the brokers. */
  async join(): Promise<PushConsumer> {
    const settings = { consumerGroup: this.#group, pullThresholdForQueue: 8, pullBatchSize: 8, ...SOON }
    const consumer = this.#site.newConsumer({ ...settings, advanced: { dialer: this.sockets.dialer } })
    this.#tenure = {}
    // One call at a time hands a queue's messages out in their order.
    consumer.subscribe(this.#topic).consumeEach({ concurrency: 1 }, message => this.#take(message))
    await consumer.start()
    return consumer
  }

  /** Sends so many to each of the queues of a broker, all of which are stored where they should be. */
  async send(producer: Producer, brokerName: string, count: number): Promise<void> {
    const all = await producer.publishMessageQueues(this.#topic)
    for (const queue of all.filter(each => each.brokerName === brokerName)) {
      for (let sent = 0; sent < count; sent += BATCH) {
        const sendStatus = await this.#sendBatch(producer, queue)
        if (sendStatus !== 'SEND_OK') throw new Error(`a batch is stored with ${sendStatus}`)
      }
    }
  }

  /** Sends until a broker has a master that stores what it gets with its slave. */
  async sendUntilReplicated(producer: Producer, brokerName: string): Promise<void> {
    for (let tries = 0; tries < REPLICATED_TRIES; tries++) {
      const queue = (await producer.publishMessageQueues(this.#topic)).find(each => each.brokerName === brokerName)
      const status = queue && (await this.#sendBatch(producer, queue).catch(() => undefined))
      if (status === 'SEND_OK') return
      await systemClock.sleep(100)
    }
    throw new Error(`${brokerName} does not replicate`)
  }

  async allConsumed(): Promise<void> {
    const what = (): string => `all messages, not ${JSON.stringify(this.ledger.figures)}`
    const isComplete = (): boolean => {
      const { consumed, acknowledged } = this.ledger.counts
      return consumed >= acknowledged && this.ledger.lost.length === 0
    }
    await this.#site.until(isComplete, { what, withinMs: 60_000 })
  }

  async #sendBatch(producer: Producer, queue: MessageQueue): Promise<string> {
    const ids = Array.from({ length: BATCH }, () => `message ${this.#sent++}`)
    for (const id of ids) this.ledger.sent(id)
    const messages = ids.map(id => ({ topic: this.#topic, body: id.padEnd(BODY_BYTES) }))
    const { sendStatus } = await producer.send(messages, { queue, timeoutMs: 10_000 })
    for (const id of ids) this.ledger.acknowledged(id)
    this.recovery.acknowledged(queue.brokerName)
    return sendStatus
  }

  #take(message: MessageExt): void {
    const lane = `${message.brokerName} ${message.queueId}`
    this.order.begin(lane, message.queueOffset, this.#tenure)
    this.order.end(lane)
    this.ledger.consumed(message.text().trimEnd())
    this.recovery.consumed(message.bornTimestamp, message.brokerName)
    this.#site.changes.notify()
  }
}

function serverOf(site: Site, name: string, id: number): Site['brokers'][number] {
  const broker = site.brokers.find(each => each.name === name && each.id === id)
  if (broker === undefined) throw new Error(`there is no ${name}:${id}`)
  return broker
}

/** A slave hears of topics every 10 s only. */
async function knownToSlave(site: Site, topic: string, address: string): Promise<void> {
  const client = loopbackClient()
  site.onEnd(() => client.close())
  for (;;) {
    try {
      await client.invoke(address, PULL_MESSAGE, { header: pullHeader(topic) })
      return
    } catch (error) {
      if (!BrokerError.is(error, 'TOPIC_NOT_EXIST')) throw error
      await systemClock.sleep(200)
    }
  }
}

describeOwnServers('two masters and a slave', { brokers, brokerConf }, cluster => {
  cluster.it('cluster: reads go to the slave where its master suggests so, in order and whole', async site => {
    const topic = await site.freshTopic(2)
    const reading = new OrderedReading(site, topic)
    const slave = serverOf(site, 'broker-a', 1).address
    const producer = await site.producer()
    await reading.sendUntilReplicated(producer, 'broker-a')
    await knownToSlave(site, topic, slave)
    await reading.send(producer, 'broker-a', 500)
    await reading.send(producer, 'broker-b', 500)
    await reading.join()
    await reading.allConsumed()
    const [ofSlave, ofMaster] = [slave, serverOf(site, 'broker-a', 0).address].map(each =>
      reading.sockets.bytesFrom(each),
    )
    const share = (ofSlave as number) / ((ofSlave as number) + (ofMaster as number))
    const also = `${Math.round(share * 100)} % of what broker-a stores came from the slave`
    tellFault(site, { row: 'cluster', fault: 'reads are led to the slave', ledger: reading.ledger, also })
    expect(share).toBeGreaterThan(0.5)
    expect(reading.order.faults).toEqual([])
  })

  cluster.it('cluster: reads go on at the slave while the master is gone; order and offsets survive', async site => {
    const topic = await site.freshTopic(2)
    const reading = new OrderedReading(site, topic)
    const [master, slave] = [serverOf(site, 'broker-a', 0), serverOf(site, 'broker-a', 1)]
    const producer = await site.producer({ pollNameServerIntervalMs: SOON.pollNameServerIntervalMs })
    const consumer = await reading.join()
    await reading.sendUntilReplicated(producer, 'broker-a')
    await knownToSlave(site, topic, slave.address)
    await reading.allConsumed()
    consumer.suspend()
    await reading.send(producer, 'broker-a', 200)
    await master.kill()
    reading.recovery.faultEnds()
    const before = reading.sockets.bytesFrom(slave.address)
    consumer.resume()
    await reading.send(producer, 'broker-b', 200)
    await reading.allConsumed()
    expect(reading.sockets.bytesFrom(slave.address) - before).toBeGreaterThan(300 * BODY_BYTES)
    // The slave keeps the progress, too: a member that is started now does not begin again.
    await consumer.shutdown()
    reading.ledger.settle()
    await reading.join()
    await reading.send(producer, 'broker-b', 50)
    await reading.allConsumed()
    await master.restart()
    await reading.sendUntilReplicated(producer, 'broker-a')
    await reading.allConsumed()
    const { ledger, recovery } = reading
    const fault = 'a master is killed, its slave and another master stay'
    tellFault(site, { row: 'cluster', fault, ledger, recovery: recovery.recovery })
    expect(reading.order.faults).toEqual([])
  })
})
