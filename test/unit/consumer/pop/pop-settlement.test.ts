import { PopProcessQueue, type PopEntry } from '../../../../lib/consumer/pop/pop-process-queue'
import { PopSettlement } from '../../../../lib/consumer/pop/pop-settlement'
import { RocketMQError } from '../../../../lib/errors'
import type { StoredMessage } from '../../../../lib/wire/stored-message'
import { FakeClient, deferred } from '../../../support/fake-client'
import { PLACE, popped } from '../../../support/pop-setup'

function setup() {
  const { log } = new FakeClient()
  const told: string[] = []
  const heard: string[] = []
  const errors: RocketMQError[] = []
  const fails = new Set<string>()
  const note = async (what: string): Promise<void> => {
    told.push(what)
    if (fails.has(what)) throw new RocketMQError('CHANNEL_CLOSED', `${what} failed`)
  }
  const site = { remainingMs: 1000 }
  const settlement = new PopSettlement({
    consumerGroup: 'g',
    log,
    acknowledger: { ack: ({ info }) => note(`ack ${info.queueOffset}`), settled: async () => undefined },
    invisibleTime: {
      change: async ({ queueOffset }, ms) => {
        await note(`hide ${queueOffset} ${ms}`)
        return ''
      },
      release: messages => note(`release ${messages.map(each => each.queueOffset).join()}`),
    },
    clocks: { remainingMs: () => site.remainingMs },
    sendBack: { sendBack: (message: StoredMessage, level) => note(`send back ${message.queueOffset} ${level}`) },
    settle: (operation, messages, work) => {
      heard.push(`${operation} ${messages.map(each => (each as StoredMessage).queueOffset).join()}`)
      return work()
    },
    maxReconsumeTimes: 3,
    onBackgroundError: error => void errors.push(error),
  })
  const queue = new PopProcessQueue(PLACE.queue, 10)
  const taken = (reconsumeTimes = 0): PopEntry => {
    queue.put([popped()])
    const [entry] = queue.take(1, 1) as [PopEntry]
    entry.message.reconsumeTimes = reconsumeTimes
    return entry
  }
  return { told, heard, errors, fails, site, settlement, queue, taken }
}

describe('what brokers are told of popped messages', () => {
  it('is that they are done, and then they are in hand no more', async () => {
    const { settlement, queue, taken, told, heard } = setup()
    settlement.done(queue, taken())
    expect(queue.count).toBe(1)
    await settlement.settled()
    expect([told, queue.count, heard]).toEqual([['ack 7'], 0, ['ack 7']])
  })

  it('is when they are to come again', async () => {
    const { settlement, queue, taken, told, heard } = setup()
    settlement.failed(queue, taken(), 0)
    settlement.failed(queue, taken(2), 0)
    settlement.failed(queue, taken(), 4)
    await settlement.settled()
    expect(told).toEqual(['hide 7 10000', 'hide 7 60000', 'hide 7 180000'])
    expect(heard).toEqual(new Array(3).fill('changeInvisibleDuration 7'))
  })

  it('is that they are dead when they have failed too often, or at once where the listener says so', async () => {
    const { settlement, queue, taken, told } = setup()
    const last = taken(3)
    expect([settlement.isLastTry(last), settlement.isSpent(last), settlement.isSpent(taken(4))]).toEqual([
      true,
      false,
      true,
    ])
    settlement.failed(queue, last, 0)
    await settlement.settled()
    settlement.failed(queue, taken(), -1)
    await settlement.settled()
    expect(told).toEqual(['send back 7 -1', 'ack 7', 'send back 7 -1', 'ack 7'])
  })

  it('is never that they are done where the dead letters do not have them', async () => {
    const { settlement, queue, taken, told, fails, errors } = setup()
    fails.add('send back 7 -1')
    settlement.failed(queue, taken(3), 0)
    await settlement.settled()
    expect(told).toEqual(['send back 7 -1', 'hide 7 120000'])
    expect(errors).toMatchObject([{ code: 'CHANNEL_CLOSED' }])
  })

  it('is that others may have what is not settled, and then it is in hand no more', async () => {
    const { settlement, queue, taken, told } = setup()
    settlement.open(queue, taken(5))
    await settlement.settled()
    expect([told, queue.count]).toEqual([['release 7'], 0])
  })

  it('waits for the receipt that a renewal brings', async () => {
    const { settlement, queue, taken, told } = setup()
    const entry = taken()
    const renewal = deferred()
    entry.renewal = renewal.promise
    settlement.done(queue, entry)
    expect(told).toEqual([])
    renewal.resolve()
    await settlement.settled()
    expect(told).toEqual(['ack 7'])
  })

  it('is nothing when their time is over, which is told to the user, unless he was told that the listener takes too long', async () => {
    const { settlement, queue, taken, told, site, errors } = setup()
    site.remainingMs = 0
    const overdue = taken()
    overdue.isOverdue = true
    expect(settlement.isOver(overdue)).toBe(true)
    settlement.done(queue, overdue)
    settlement.failed(queue, taken(), 0)
    await settlement.settled()
    expect([told, queue.count]).toEqual([[], 0])
    expect(errors).toMatchObject([{ code: 'INVALID_RECEIPT' }])
  })

  it('is told of failures, and goes on', async () => {
    const { settlement, queue, taken, fails, errors } = setup()
    fails.add('ack 7')
    settlement.done(queue, taken())
    await settlement.settled()
    expect([errors.length, queue.count]).toEqual([1, 0])
  })

  it('is also what nobody wanted, and what others may have', async () => {
    const { settlement, told } = setup()
    settlement.unwanted([popped()])
    settlement.release([popped(), popped({ queueOffset: 8 })])
    settlement.release([])
    await settlement.settled()
    expect(told).toEqual(['ack 7', 'release 7,8'])
  })
})
