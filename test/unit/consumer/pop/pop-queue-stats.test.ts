import { PopProcessQueue } from '../../../../lib/consumer/pop/pop-process-queue'
import { popQueueStats } from '../../../../lib/consumer/pop/pop-queue-stats'
import { Gate } from '../../../../lib/runtime/gate'
import { PLACE, popped } from '../../../support/pop-setup'

describe('what is told of a place that is popped', () => {
  it('is what is in hand', () => {
    const processQueue = new PopProcessQueue(PLACE.queue, 96)
    processQueue.put([popped(), popped()])
    processQueue.take(1, 1)
    const loop = { idleMs: 5 } as never
    const expected = { queue: PLACE.queue, cached: 2, inFlight: 1, idleMs: 5 }
    expect(popQueueStats({ processQueue, loop, gate: new Gate() })).toEqual(expected)
  })
})
