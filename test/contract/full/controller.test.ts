import type { MessageExt } from '../../../lib/index'
import { describeOwnServers } from '../../support/cluster'
import { Load } from '../../support/load'
import { OrderChecker } from '../../support/order-checker'
import type { Site } from '../../support/site'
import { requireTarget } from '../real/target'

const brokers = [{ name: 'broker-a' }, { name: 'broker-a', id: 1 }]
/** The controller takes its time, and then it takes the client until it asks for routes. */
const SWITCH_MS = 60_000

/** The broker that clients are told to be the master. */
async function masterOf(site: Site, topic: string): Promise<Site['brokers'][number]> {
  const { brokerDatas } = await (await site.admin()).topicRoute(topic)
  const address = brokerDatas[0]?.brokerAddrs.get(0)
  const master = site.brokers.find(each => each.address === address)
  if (master === undefined) throw new Error(`no broker of ours is the master: ${JSON.stringify(brokerDatas)}`)
  return master
}

/** A load on its topic, read by a concurrent and by an orderly group. */
async function traffic(site: Site): Promise<{ topic: string; load: Load; ordered: Load; order: OrderChecker }> {
  const topic = await site.freshTopic(4)
  const [load, ordered, order] = [new Load(site), new Load(site), new OrderChecker()]
  await site.consumer(topic, {}, load.take)
  const take = (message: MessageExt): void => {
    order.begin(`queue ${message.queueId}`, message.queueOffset, {})
    order.end(`queue ${message.queueId}`)
    ordered.take(message)
  }
  const consumer = site.newConsumer().subscribe(topic).consumeEach({ ordered: 'queue' }, take)
  await consumer.start()
  load.start(await site.producer(), topic, { mayFail: true })
  await load.acknowledged(200)
  return { topic, load, ordered, order }
}

const { version } = requireTarget()
const describeControlled = version === '5.5.0' ? describeOwnServers : () => undefined

describeControlled('replicas with a controller', { brokers, controller: true }, cluster => {
  cluster.it('cluster: go on after their master was killed, and its clients with them', async site => {
    const { topic, load, ordered, order } = await traffic(site)
    const master = await masterOf(site, topic)
    await master.kill()
    load.recovery.faultEnds()
    await load.acknowledged(200, undefined, SWITCH_MS)
    expect((await masterOf(site, topic)).address).not.toBe(master.address)
    const failed = load.failed.length
    await load.tell('cluster', 'the master is killed, a controller chooses another', {
      withinMs: SWITCH_MS,
      also: `${failed} sends failed meanwhile`,
    })
    const missing = (): number => load.ledger.counts.consumed - ordered.ledger.counts.consumed
    await site.until(() => missing() === 0, { what: () => `${missing()} messages of the orderly group` })
    expect(order.faults).toEqual([])
  })
})

// A file without a test would be a failure.
if (version !== '5.5.0') it.skip('brokers of 4.9 have no controller', () => undefined)
