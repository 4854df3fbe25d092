import { Emulator, ManualClock } from '../../lib/emulator/index'
import { describeEmulatorOnly } from '../support/cluster'
import type { Site } from '../support/site'

/** Clients and servers on one clock that stands still until it is told to move. */
interface Standing {
  readonly emulator: Emulator
  readonly clock: ManualClock
  readonly options: { readonly namesrvAddr: string; readonly advanced: { readonly clock: ManualClock } }
}

async function standing(site: Site): Promise<Standing> {
  const clock = new ManualClock()
  const emulator = await Emulator.start({ clock, version: site.version, topics: { Orders: 2 } })
  site.onEnd(() => emulator.shutdown())
  return { emulator, clock, options: { namesrvAddr: emulator.namesrvAddr, advanced: { clock } } }
}

describeEmulatorOnly('what a client does from time to time', cluster => {
  cluster.it('it tells brokers of itself every 30 s', async site => {
    const { emulator, clock, options } = await standing(site)
    await site.producer(options)
    const heartbeats = emulator.control('HEART_BEAT', () => 'pass', { times: 'keep' })
    // Two seconds short, as a heartbeat also follows the start.
    await clock.advance(28_000)
    const before = heartbeats.seen
    await clock.advance(3000)
    expect(heartbeats.seen).toBe(before + 1)
    await clock.advance(60_000)
    expect(heartbeats.seen).toBe(before + 3)
  })

  cluster.it('it asks for routes every 30 s, and takes up queues that were added', async site => {
    const { emulator, clock, options } = await standing(site)
    const [producer, { consumer, inbox }] = [await site.producer(options), await site.reader('Orders', options)]
    await producer.send({ topic: 'Orders', body: 'before' })
    await inbox.text('before')
    emulator.createTopic('Orders', 6)
    const owned = () => consumer.stats().queues.filter(({ queue }) => queue.topic === 'Orders').length
    expect(owned()).toBe(2)
    await clock.advance(31_000)
    await site.until(() => owned() === 6, { what: () => `6 queues, not ${owned()}` })
    const queues = await producer.publishMessageQueues('Orders')
    expect(queues).toHaveLength(6)
    const last = queues[5]
    if (last !== undefined) await producer.send({ topic: 'Orders', body: 'to a new queue' }, { queue: last })
    await inbox.text('to a new queue')
  })

  cluster.it('it writes progress down every 5 s, not at every message', async site => {
    const { emulator, clock, options } = await standing(site)
    const [producer, { consumer, inbox }] = [await site.producer(options), await site.reader('Orders', options)]
    let commits = 0
    emulator.control(
      'UPDATE_CONSUMER_OFFSET',
      ({ header }) => {
        if (header.topic === 'Orders' && header.queueId === 0) commits++
      },
      { times: 'keep' },
    )
    const [queue] = await producer.publishMessageQueues('Orders')
    if (queue === undefined) throw new Error('the topic has two queues')
    for (let index = 0; index < 10; index++) await producer.send({ topic: 'Orders', body: String(index) }, { queue })
    await inbox.text('9')
    expect(commits).toBe(0)
    await clock.advance(10_000)
    expect(commits).toBe(1)
    expect(emulator.consumerOffset(consumer.consumerGroup, 'Orders')).toBe(10)
    await clock.advance(20_000)
    expect(commits).toBe(1)
  })

  cluster.it('it pulls anew where nothing came for the time that the broker holds a pull', async site => {
    const { emulator, clock, options } = await standing(site)
    const { inbox } = await site.reader('Orders', options)
    const pulls = emulator.control('PULL_MESSAGE', () => 'pass', { times: 'keep' })
    await clock.advance(60_000)
    // Two queues and the retry queue, each every 15 to 20 s.
    expect(pulls.seen).toBeGreaterThanOrEqual(9)
    expect(pulls.seen).toBeLessThanOrEqual(15)
    const producer = await site.producer(options)
    await producer.send({ topic: 'Orders', body: 'at last' })
    await inbox.text('at last')
    expect(site.backgroundErrors).toEqual([])
  })

  cluster.it('it renews the locks of its queues every 20 s, before brokers give them to others', async site => {
    const { emulator, clock, options } = await standing(site)
    const [producer, inbox] = [await site.producer(options), site.newInbox()]
    const consumer = site.newConsumer(options).subscribe('Orders').consumeEach({ ordered: 'queue' }, inbox.take)
    await consumer.start()
    const locks = emulator.control('LOCK_BATCH_MQ', () => 'pass', { times: 'keep' })
    await clock.advance(90_000)
    expect(locks.seen).toBeGreaterThanOrEqual(4)
    expect(locks.seen).toBeLessThanOrEqual(6)
    await producer.send({ topic: 'Orders', body: 'still ours' })
    await inbox.text('still ours')
  })

  cluster.it('it finds a broker that came back by the next question for routes', async site => {
    const { emulator, clock, options } = await standing(site)
    const [producer, { inbox }] = [await site.producer(options), await site.reader('Orders', options)]
    await producer.send({ topic: 'Orders', body: 'before' })
    await inbox.text('before')
    await emulator.brokers[0]?.stop()
    await clock.advance(60_000)
    await emulator.brokers[0]?.start()
    await clock.advance(60_000)
    await producer.send({ topic: 'Orders', body: 'after' })
    await inbox.text('after')
  })
})
