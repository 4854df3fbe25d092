import { QueueLocks } from '../../../lib/emulator/locks'
import { ManualClock } from '../../../lib/runtime/manual-clock'

const queue = (queueId: number) => ({ topic: 'Orders', brokerName: 'broker-a', queueId })

describe('QueueLocks', () => {
  it('gives a queue to the first client of a group and not to the second', () => {
    const locks = new QueueLocks(new ManualClock())
    expect(locks.lock('g', [queue(0), queue(1)], 'one')).toEqual([queue(0), queue(1)])
    expect(locks.lock('g', [queue(1), queue(2)], 'two')).toEqual([queue(2)])
    expect(locks.lock('other', [queue(0)], 'two')).toEqual([queue(0)])
  })

  it('renews a lock of the client itself, and lets go of one that was not renewed for more than 60 s', async () => {
    const clock = new ManualClock()
    const locks = new QueueLocks(clock)
    locks.lock('g', [queue(0), queue(1)], 'one')
    await clock.advance(40_000)
    locks.lock('g', [queue(0)], 'one')
    await clock.advance(20_001)
    expect(locks.lock('g', [queue(0), queue(1)], 'two')).toEqual([queue(1)])
  })

  it('unlocks what the client holds and nothing of others', () => {
    const locks = new QueueLocks(new ManualClock())
    locks.lock('g', [queue(0)], 'one')
    locks.unlock('g', [queue(0)], 'two')
    locks.unlock('nobody', [queue(0)], 'one')
    expect(locks.lock('g', [queue(0)], 'two')).toEqual([])
    locks.unlock('g', [queue(0)], 'one')
    expect(locks.lock('g', [queue(0)], 'two')).toEqual([queue(0)])
  })

  it('knows whether anyone in a group holds a lock that is valid', async () => {
    const clock = new ManualClock()
    const locks = new QueueLocks(clock)
    expect(locks.anyHeld('g')).toBe(false)
    locks.lock('g', [queue(0)], 'one')
    expect(locks.anyHeld('g')).toBe(true)
    await clock.advance(60_001)
    expect(locks.anyHeld('g')).toBe(false)
  })

  it('still gives each lock to one client when it has dropped many that expired', async () => {
    const clock = new ManualClock()
    const locks = new QueueLocks(clock)
    const many = Array.from({ length: 10_001 }, (_, queueId) => queue(queueId))
    locks.lock('g', many, 'one')
    await clock.advance(60_001)
    expect(locks.lock('g', [queue(20_000)], 'two')).toEqual([queue(20_000)])
    expect(locks.lock('g', [queue(20_000), queue(0)], 'three')).toEqual([queue(0)])
  })
})
