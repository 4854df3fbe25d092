import fc from '../../../support/property'
import { ProcessQueue } from '../../../../lib/consumer/push/process-queue'
import { ReadyQueues } from '../../../../lib/consumer/push/ready-queues'
import { storedMessage } from '../../../support/records'

const LIMITS = { maxMessages: 1000, maxBytes: 1e6, maxSpan: undefined }

function queueWith(queueId: number, messages: number): ProcessQueue {
  const queue = new ProcessQueue({ topic: 'T', brokerName: 'b', queueId }, 0, LIMITS)
  queue.put(
    Array.from({ length: messages }, (_, queueOffset) => storedMessage({ queueOffset })),
    messages,
  )
  return queue
}

/** Ids of the queues that are served, each time one message. */
function served(ready: ReadyQueues, times: number): (number | undefined)[] {
  return Array.from({ length: times }, () => {
    const queue = ready.next()
    queue?.take(1, 0)
    return queue?.queue.queueId
  })
}

describe('queues that are ready', () => {
  it('are served in turn, as long as they have messages', () => {
    const ready = new ReadyQueues()
    for (const [id, messages] of [3, 1, 2].entries()) ready.add(queueWith(id, messages))
    expect(served(ready, 7)).toEqual([0, 1, 2, 0, 2, 0, undefined])
  })

  it('are in once, however often they are added', () => {
    const ready = new ReadyQueues()
    const queue = queueWith(0, 2)
    ready.add(queue)
    ready.add(queue)
    ready.add(queueWith(1, 1))
    expect(served(ready, 4)).toEqual([0, 1, 0, undefined])
  })

  it('come back when they are added again', () => {
    const ready = new ReadyQueues()
    const queue = queueWith(0, 1)
    ready.add(queue)
    expect(served(ready, 2)).toEqual([0, undefined])
    queue.put([storedMessage({ queueOffset: 5 })], 6)
    ready.add(queue)
    expect(served(ready, 2)).toEqual([0, undefined])
  })

  it('do not hold those that were given away', () => {
    const ready = new ReadyQueues()
    const given = queueWith(0, 5)
    ready.add(given)
    ready.add(queueWith(1, 1))
    given.drop()
    expect(served(ready, 2)).toEqual([1, undefined])
  })

  it('are all served before one is served twice, when each is taken out for its turn and put back', () => {
    const ready = new ReadyQueues()
    for (let id = 0; id < 3; id++) ready.add(queueWith(id, 100))
    const turns = Array.from({ length: 9 }, () => {
      const queue = ready.take() as ProcessQueue
      ready.add(queue)
      return queue.queue.queueId
    })
    expect(turns).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2])
  })

  it.each(['next', 'take'] as const)('starve none by %s, whatever is emptied and filled meanwhile', how => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat(4), { maxLength: 2 }), { minLength: 20, maxLength: 80 }), fills => {
        const ready = new ReadyQueues()
        const queues = Array.from({ length: 5 }, (_, id) => queueWith(id, 1))
        const waited = queues.map(() => 0)
        for (const queue of queues) ready.add(queue)
        for (const ids of fills) {
          for (const queue of ids.map(id => queues[id] as ProcessQueue)) {
            queue.put([storedMessage({ queueOffset: queue.nextBeginOffset })], queue.nextBeginOffset + 1)
            ready.add(queue)
          }
          const served = ready[how]()
          served?.take(1, 0)
          if (how === 'take' && served !== undefined && served.held > 0) ready.add(served)
          queues.forEach(
            (queue, i) => (waited[i] = queue === served || queue.held === 0 ? 0 : (waited[i] as number) + 1),
          )
          expect(Math.max(...waited)).toBeLessThan(2 * queues.length)
        }
      }),
    )
  })
})
