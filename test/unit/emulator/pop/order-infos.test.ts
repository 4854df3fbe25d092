import { OrderInfos } from '../../../../lib/emulator/pop/order-infos'
import { Schedule } from '../../../../lib/emulator/schedule'
import { ManualClock } from '../../../../lib/runtime/manual-clock'

const QUEUE = { topic: 'T', group: 'g', queueId: 0 }

function site() {
  const clock = new ManualClock()
  const free = jest.fn()
  const orders = new OrderInfos({ clock, schedule: new Schedule(clock), onFree: free })
  const popTime = clock.now()
  const pop = { attemptId: undefined, popTime, invisibleTime: 1000, offsets: [3, 4] }
  return { clock, free, orders, popTime, pop }
}

describe('OrderInfos', () => {
  it('tell when a queue is free again', async () => {
    const { clock, free, orders, pop } = site()
    orders.update(QUEUE, pop)
    expect([orders.isBlocked(QUEUE, 'x'), orders.isBlocked({ ...QUEUE, queueId: 1 }, 'x')]).toEqual([true, false])
    await clock.advance(999)
    expect(free).not.toHaveBeenCalled()
    await clock.advance(1)
    expect(free.mock.calls).toEqual([[QUEUE]])
    expect(orders.isBlocked(QUEUE, 'x')).toBe(false)
  })

  it('tell at once when everything was acknowledged', async () => {
    const { clock, free, orders, pop, popTime } = site()
    orders.update(QUEUE, pop)
    expect([orders.ack(QUEUE, 3, popTime), orders.ack(QUEUE, 4, popTime)]).toEqual([4, 5])
    await clock.advance(0)
    expect(free).toHaveBeenCalledTimes(1)
  })

  it('tell of acknowledgements that are stale, wrong, or of nothing that is known', () => {
    const { orders, pop, popTime } = site()
    expect(orders.ack(QUEUE, 7, popTime)).toBe(8)
    orders.update(QUEUE, pop)
    expect([orders.ack(QUEUE, 3, popTime - 1), orders.ack(QUEUE, 5, popTime)]).toEqual(['STALE', 'ILLEGAL'])
  })

  it('hide a message of the same pop for another while', async () => {
    const { clock, free, orders, pop, popTime } = site()
    orders.update(QUEUE, pop)
    orders.setVisibleTime(QUEUE, { offset: 3, popTime: 1 }, popTime)
    orders.setVisibleTime(QUEUE, { offset: 3, popTime }, popTime + 5000)
    await clock.advance(4999)
    expect([free.mock.calls.length, orders.isBlocked(QUEUE, 'x')]).toEqual([0, true])
    await clock.advance(1)
    expect(free).toHaveBeenCalledTimes(1)
  })

  it('forget a queue, and a topic', async () => {
    const { clock, free, orders, pop } = site()
    orders.update(QUEUE, pop)
    orders.clear(QUEUE)
    orders.update({ ...QUEUE, queueId: 1 }, pop)
    orders.deleteTopic('T')
    expect(orders.isBlocked(QUEUE, 'x')).toBe(false)
    await clock.advance(10_000)
    expect(free).not.toHaveBeenCalled()
  })
})
