import { AssignedQueue } from '../../../../lib/consumer/lite-pull/assigned-queue'
import { CacheRoom } from '../../../../lib/consumer/lite-pull/cache-room'
import { litePullStats } from '../../../../lib/consumer/lite-pull/lite-pull-stats'
import { storedMessage } from '../../../support/records'

const LIMITS = { maxMessages: 1000, maxBytes: 1e6, maxSpan: 1000 }

function withTwo(queueId: number): AssignedQueue {
  const queue = { topic: 'T', brokerName: 'b', queueId }
  const assigned = new AssignedQueue(queue, 5, { limits: LIMITS, roomOfAll: new CacheRoom(1000) })
  for (const queueOffset of [5, 6]) assigned.put(assigned.course, [storedMessage({ queueOffset })], queueOffset + 1)
  return assigned
}

describe('the stats of a lite pull consumer', () => {
  it('tell of each queue, and sums', () => {
    const [one, two] = [withTwo(1), withTwo(2)]
    one.take(0)
    two.pause.shut()
    const parts = [
      { assigned: one, loop: { maxOffset: 20 } },
      { assigned: two, loop: { maxOffset: 0 } },
    ]
    const stats = litePullStats('running', parts)
    expect(stats).toMatchObject({ state: 'running', cached: 3, lag: 14 })
    const queue = { topic: 'T', brokerName: 'b', queueId: 1 }
    const positions = { polledOffset: 6, consumedOffset: 5, maxOffset: 20, lag: 14 }
    expect(stats.queues[0]).toEqual({ queue, paused: false, cached: 1, cachedBytes: 5, ...positions })
    // No pull has told its end yet.
    expect(stats.queues[1]).toMatchObject({ paused: true, cached: 2, polledOffset: 5, maxOffset: 5, lag: 0 })
  })
})
