import { PopProcessQueue } from '../../../../lib/consumer/pop/pop-process-queue'
import { PLACE, popped } from '../../../support/pop-setup'

const offsets = (entries: readonly { message: { queueOffset: number } }[]) =>
  entries.map(({ message }) => message.queueOffset)

function filled(threshold = 2, count = 3) {
  const queue = new PopProcessQueue(PLACE.queue, threshold)
  const entries = queue.put(Array.from({ length: count }, (_, queueOffset) => popped({ queueOffset })))
  return { queue, entries }
}

describe('messages in hand that were popped', () => {
  it('are given out in the order in which they came, and count until they are finished', () => {
    const { queue, entries } = filled()
    const taken = queue.take(2, 70)
    expect([offsets(taken), taken[0]?.startedAt]).toEqual([[0, 1], 70])
    expect([queue.held, queue.running, queue.count]).toEqual([1, 2, 3])
    queue.finish(taken)
    expect([offsets(queue.entries), queue.count]).toEqual([[2], 1])
    queue.finish(entries)
    expect(queue.count).toBe(0)
  })

  it('may be put back for another call', () => {
    const { queue } = filled()
    const taken = queue.take(1, 70)
    queue.putBack(taken)
    expect([queue.held, queue.running, taken[0]?.isRunning]).toEqual([3, 0, false])
    queue.finish(taken)
    queue.putBack(taken)
    queue.begin(taken, 80)
    expect([queue.held, queue.running]).toEqual([2, 0])
  })

  it('leave room up to the threshold', async () => {
    const { queue, entries } = filled()
    const waiting = queue.whenRoom(new AbortController().signal)
    expect(queue.hasRoom).toBe(false)
    queue.finish(entries.slice(0, 1))
    await waiting
    expect(queue.hasRoom).toBe(true)
    await queue.whenRoom(new AbortController().signal)
  })

  it('are waited for no longer than wanted', async () => {
    const { queue } = filled()
    const abort = new AbortController()
    const waiting = queue.whenRoom(abort.signal)
    abort.abort()
    await waiting
    await queue.whenRoom(abort.signal)
  })

  it('can be taken out by others while no listener has them', () => {
    const { queue, entries } = filled()
    queue.take(1, 70)
    expect(offsets(queue.takeHeld())).toEqual([1, 2])
    expect([queue.count, queue.holds(entries[1] as never)]).toEqual([1, false])
    queue.drop()
    expect([queue.dropped, queue.signal.aborted]).toEqual([true, true])
  })

  it('tell when nothing of a queue is in hand any more', () => {
    const { queue, entries } = filled()
    const [other] = queue.put([popped({ queueId: 2 })])
    const free: number[] = []
    queue.onFree = queueId => void free.push(queueId)
    queue.finish(entries.slice(0, 2))
    expect(free).toEqual([])
    queue.finish([other as never])
    queue.finish(entries.slice(2))
    expect(free).toEqual([2, 1])
  })
})
