import { SlowListeners } from '../../../../lib/consumer/push/slow-listeners'
import type { RocketMQError } from '../../../../lib/errors'
import { ManualClock } from '../../../../lib/runtime/manual-clock'
import { queueOf } from '../../../support/process-queues'

describe('listeners in order that take too long', () => {
  it('are told of once for each message, and only while they run', async () => {
    const clock = new ManualClock()
    const errors: RocketMQError[] = []
    const slow = new SlowListeners({
      clock,
      consumerGroup: 'g',
      ordered: 'key',
      consumeTimeoutMs: 1000,
      onBackgroundError: error => errors.push(error),
    })
    const queue = queueOf(0, 3)
    const first = queue.take(1, clock.monotonic())
    await clock.advance(999)
    slow.look([queue, queueOf(1, 3)])
    expect(errors).toEqual([])
    await clock.advance(1)
    for (let n = 0; n < 3; n++) slow.look([queue])
    expect(errors).toMatchObject([{ code: 'LISTENER_TIMEOUT', topic: 'Orders', group: 'g' }])
    expect(errors[0]?.message).toMatch(/more than 1000 ms: nothing else of its key/)
    queue.finish(first)
    queue.take(1, clock.monotonic())
    await clock.advance(1000)
    slow.look([queue])
    expect(errors).toHaveLength(2)
  })
})
