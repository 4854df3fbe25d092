import type { MessageExt, MessageQueue } from '../../lib/index'
import { Emulator, ManualClock } from '../../lib/emulator/index'
import { describeEmulatorOnly, describeSideBySide } from '../support/cluster'
import { tellFault } from '../support/fault-report'
import { Ledger } from '../support/ledger'
import { Load } from '../support/load'
import { LoneLocker } from '../support/lone-locker'
import { Members } from '../support/members'
import { RecoveryClock } from '../support/recovery-clock'

const QUEUES = 8
/** Two regular rebalances. */
const REBALANCE_MS = 40_000
/** Brokers keep the locks of a client that is gone for so long, and members ask for locks every few seconds. */
const LOCK_MS = 60_000
const ASK_MS = 5000

describeSideBySide('a group', cluster => {
  cluster.it('fault 15: whose members join, leave and are killed has one owner for every queue', async site => {
    const topic = await site.freshTopic(QUEUES)
    const load = new Load(site)
    const members = new Members(site, topic, load, { ordered: false })
    await members.join()
    load.start(await site.producer(), topic, { atATime: 4 })
    const [leaving, dying] = await Promise.all([members.join(), members.join()])
    await members.settled(QUEUES, REBALANCE_MS)
    await load.acknowledged(100)
    await leaving.leave()
    await members.settled(QUEUES, REBALANCE_MS)
    await load.acknowledged(100)
    dying.kill()
    load.recovery.faultEnds()
    await members.settled(QUEUES, REBALANCE_MS)
    await load.acknowledged(100)
    await load.tell(15, 'two members join, one leaves, one is killed', { withinMs: REBALANCE_MS })
    expect(load.failed).toEqual([])
  })

  cluster.it('fault 19: whose queues another client has locked reads them when it gives them back', async site => {
    const topic = await site.freshTopic(2)
    const load = new Load(site)
    const members = new Members(site, topic, load, { ordered: true })
    const producer = await site.producer()
    const locker = new LoneLocker(site, members.consumerGroup)
    const queues = (await producer.publishMessageQueues(topic)) as [MessageQueue, MessageQueue]
    await locker.lock([queues[0]])
    await members.join()
    load.start(producer, topic, { atATime: 2 })
    await load.acknowledged(50)
    const reached = (): Set<number> => new Set(members.order.lanes.map(lane => Number(lane.split(' ')[1])))
    await site.until(() => reached().has(queues[1].queueId), { what: 'messages of the queue that is free' })
    expect(reached()).toEqual(new Set([queues[1].queueId]))
    await locker.unlockAll()
    load.recovery.faultEnds()
    await site.until(() => reached().size === 2, { what: 'messages of both queues', withinMs: REBALANCE_MS })
    await load.tell(19, 'another client gives a lock back', { withinMs: REBALANCE_MS })
    expect(members.order.faults).toEqual([])
  })
})

describeEmulatorOnly('an orderly group', cluster => {
  cluster.it('fault 19: whose member is killed goes on when the locks of that have expired, in order', async site => {
    const clock = new ManualClock()
    const emulator = await Emulator.start({ clock, version: site.version, topics: { Orders: 2 } })
    site.onEnd(() => emulator.shutdown())
    const options = { namesrvAddr: emulator.namesrvAddr, advanced: { clock } }
    const [ledger, recovery] = [new Ledger(), new RecoveryClock(clock)]
    const take = (message: MessageExt): void => {
      ledger.consumed(message.text())
      recovery.consumed(message.bornTimestamp)
      site.changes.notify()
    }
    const members = new Members(site, 'Orders', { take }, { ordered: true })
    const producer = await site.producer(options)
    const queues = await producer.publishMessageQueues('Orders')
    let sent = 0
    const sendToAll = async (): Promise<void> => {
      for (const queue of queues) {
        const body = `message ${sent++}`
        ledger.sent(body)
        await producer.send({ topic: 'Orders', body }, { queue })
        ledger.acknowledged(body)
        recovery.acknowledged()
      }
    }
    const dying = await members.join(options)
    await sendToAll()
    await clock.advance(1000)
    await members.join(options)
    await clock.advance(21_000)
    await members.settled(2, REBALANCE_MS)
    dying.kill()
    site.onEnd(() => whileTimePasses(clock, Promise.allSettled([dying.consumer.shutdown()])))
    recovery.faultEnds()
    const locks = emulator.control('LOCK_BATCH_MQ', () => 'pass', { times: 'keep' })
    await clock.advance(1000)
    await sendToAll()
    // Its queue is still locked for the one that is gone.
    await site.until(() => ledger.lost.length === 1, { what: 'the message of the other queue' })
    const killedAt = clock.monotonic()
    while (ledger.lost.length > 0 && clock.monotonic() < killedAt + LOCK_MS + ASK_MS) await clock.advance(1000)
    const also = `the locked queue goes on after ${Math.round((clock.monotonic() - killedAt) / 1000)} s`
    // It asks from time to time and does not spin.
    expect(locks.seen).toBeLessThan(200)
    const fault = 'the owner of locks is killed (by a clock of the test)'
    tellFault(site, { row: 19, fault, ledger, recovery: recovery.recovery, withinMs: LOCK_MS + ASK_MS, also })
    expect(members.order.faults).toEqual([])
  })
})

/** What waits by a clock that stands still would wait for ever. */
async function whileTimePasses(clock: ManualClock, work: Promise<unknown>): Promise<void> {
  let isDone = false
  const done = work.finally(() => (isDone = true))
  while (!isDone) await clock.advance(1000)
  await done
}
