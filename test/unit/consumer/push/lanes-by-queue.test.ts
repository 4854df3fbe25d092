import type { KeyLane } from '../../../../lib/consumer/push/key-lanes'
import { LanesByQueue } from '../../../../lib/consumer/push/lanes-by-queue'
import { keyQueue } from '../../../support/key-setup'

describe('the lanes of all queues', () => {
  it('are the same for a queue as long as it is ours', () => {
    const all = new LanesByQueue('g')
    const queue = keyQueue('aab')
    const lanes = all.of(queue)
    lanes.refill()
    expect([all.of(queue) === lanes, all.keys]).toEqual([true, 2])
    expect(lanes.context).toEqual({ consumerGroup: 'g', messageQueue: queue.queue, signal: queue.signal })
    all.of(keyQueue('a', { queueId: 1 })).refill()
    expect(all.keys).toBe(3)
  })

  it('are forgotten with a queue that is dropped, and new ones take their place', () => {
    const all = new LanesByQueue('g')
    const queue = keyQueue('ab')
    const lanes = all.of(queue)
    lanes.refill()
    queue.drop()
    expect(all.keys).toBe(0)
    expect(all.of(keyQueue(''))).not.toBe(lanes)
  })

  it('stay while a listener has messages of a queue that is dropped, and then are those of the queue that comes again', () => {
    const all = new LanesByQueue('g')
    const lost = keyQueue('a')
    const lanes = all.of(lost)
    lanes.refill()
    const lane = lanes.next() as KeyLane
    lanes.begin(lane, 1, 0)
    lost.drop()
    const back = keyQueue('a')
    expect(all.of(back)).toBe(lanes)
    expect([lanes.queue === back, all.keys]).toEqual([true, 1])
    back.drop()
    lanes.passed(lane, 1)
    lanes.release(lane)
    all.forgetLost(lanes)
    expect(all.of(keyQueue(''))).not.toBe(lanes)
  })

  it('are not forgotten with a queue that is ours', () => {
    const all = new LanesByQueue('g')
    const queue = keyQueue('a')
    const lanes = all.of(queue)
    all.forgetLost(lanes)
    expect(all.of(queue)).toBe(lanes)
  })

  it('wait no longer where that is called off', () => {
    const all = new LanesByQueue('g')
    const lanes = all.of(keyQueue('a'))
    lanes.refill()
    const lane = lanes.next() as KeyLane
    lanes.begin(lane, 1, 0)
    const cancel = jest.fn()
    lanes.wait(lane, { cancel })
    all.cancelWaits()
    expect(cancel).toHaveBeenCalledTimes(1)
  })
})
