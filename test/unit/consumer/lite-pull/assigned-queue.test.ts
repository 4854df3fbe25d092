import fc from '../../../support/property'
import { AssignedQueue, type AssignedQueueLimits } from '../../../../lib/consumer/lite-pull/assigned-queue'
import { CacheRoom } from '../../../../lib/consumer/lite-pull/cache-room'
import { storedMessage } from '../../../support/records'

const queue = { topic: 'Orders', brokerName: 'broker-a', queueId: 1 }

function setup(limits: Partial<AssignedQueueLimits> = {}, ofAll = 1000) {
  const roomOfAll = new CacheRoom(ofAll)
  const all = { maxMessages: 1000, maxBytes: 1e6, maxSpan: 1000, ...limits }
  const assigned = new AssignedQueue(queue, 10, { limits: all, roomOfAll })
  const put = (offsets: readonly number[], next: number, course = assigned.course) =>
    assigned.put(
      course,
      offsets.map(queueOffset => storedMessage({ queueOffset })),
      next,
    )
  const take = () => assigned.take(0).map(({ queueOffset }) => queueOffset)
  const positions = () => [assigned.consumed, assigned.polled, assigned.course.offset]
  return { assigned, roomOfAll, put, take, positions }
}

describe('the batches of a queue', () => {
  it('are handed out one by one, and move its positions', () => {
    const { assigned, put, take, positions } = setup()
    expect([assigned.held, positions()]).toEqual([0, [10, 10, 10]])
    put([10, 11], 12)
    put([12], 15)
    expect([assigned.count, assigned.bytes, assigned.held, positions()]).toEqual([3, 15, 2, [10, 10, 15]])
    expect(take()).toEqual([10, 11])
    expect([assigned.count, positions()]).toEqual([1, [10, 12, 15]])
    assigned.finish()
    expect(take()).toEqual([12])
    expect([assigned.count, assigned.bytes, positions()]).toEqual([0, 0, [12, 15, 15]])
    expect(take()).toEqual([])
  })

  it('leave out what stands before the offset that was asked for', () => {
    const { put, take } = setup()
    put([8, 9, 10], 11)
    expect(take()).toEqual([10])
  })

  it('count as handed out where nothing in them was wanted', () => {
    const { assigned, put, take, positions } = setup()
    put([], 20)
    expect(positions()).toEqual([20, 20, 20])
    put([20], 21)
    put([], 30)
    expect([take(), positions()]).toEqual([[20], [20, 30, 30]])
    // The user has that batch: what came to nothing after it is not his to be done with yet.
    put([], 40)
    expect(positions()).toEqual([20, 40, 40])
    assigned.finish()
    expect(positions()).toEqual([40, 40, 40])
  })

  it('are done with up to an offset where the user says so', () => {
    const { assigned, put, take, positions } = setup()
    put([10, 11], 12)
    take()
    assigned.finish(11)
    expect(positions()).toEqual([11, 12, 12])
  })

  it('are held back while the queue is paused', () => {
    const { assigned, put } = setup()
    put([10], 11)
    assigned.pause.shut()
    expect(assigned.held).toBe(0)
    assigned.pause.open()
    expect(assigned.held).toBe(1)
  })
})

describe('the room of a queue', () => {
  it.each<[string, Partial<AssignedQueueLimits>]>([
    ['messages', { maxMessages: 2 }],
    ['bytes of bodies', { maxBytes: 14 }],
    ['the distance between its messages', { maxSpan: 9 }],
  ])('ends with its limit of %s', (_title, limits) => {
    const { assigned, put, take } = setup(limits)
    put([10, 11], 20)
    expect(assigned.room.isOpen).toBe(true)
    put([20], 21)
    expect(assigned.room.isOpen).toBe(false)
    take()
    expect(assigned.room.isOpen).toBe(true)
  })

  it('is a part of that of all queues', () => {
    const { roomOfAll, put, take, assigned } = setup({}, 1)
    put([10, 11], 12)
    expect([roomOfAll.count, roomOfAll.gate.isOpen]).toEqual([2, false])
    take()
    expect([roomOfAll.count, roomOfAll.gate.isOpen]).toEqual([0, true])
    put([12, 13], 14)
    assigned.drop()
    expect(roomOfAll.count).toBe(0)
  })
})

describe('a seek', () => {
  it('goes on elsewhere, and drops what was in hand', () => {
    const { assigned, roomOfAll, put, take, positions } = setup({ maxMessages: 1 })
    put([10, 11], 12)
    assigned.seek(5)
    expect([assigned.count, assigned.bytes, assigned.held, roomOfAll.count]).toEqual([0, 0, 0, 0])
    expect([assigned.room.isOpen, positions()]).toEqual([true, [5, 5, 5]])
    put([5], 6)
    expect(take()).toEqual([5])
  })

  it('calls off the pull under way, whose answer is not wanted any more', () => {
    const { assigned, put, take } = setup()
    const old = assigned.course
    assigned.seek(5)
    expect([old.signal.aborted, assigned.course.signal.aborted]).toEqual([true, false])
    expect(put([10], 11, old)).toBe(false)
    expect([take(), assigned.course.offset]).toEqual([[], 5])
  })

  it('of a queue that was given away does nothing', () => {
    const { assigned, put, take, positions } = setup()
    put([10, 11], 12)
    take()
    assigned.drop()
    assigned.seek(5)
    expect([assigned.dropped, assigned.course.signal.aborted, positions()]).toEqual([true, true, [10, 12, 12]])
    expect([put([12], 13), take()]).toEqual([false, []])
  })
})

describe('the positions of a queue', () => {
  it('never pass over a message that was not handed out', () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('put' as const),
        messages: fc.integer({ min: 0, max: 4 }),
        gap: fc.integer({ min: 0, max: 3 }),
      }),
      fc.constantFrom({ kind: 'take' as const }, { kind: 'finish' as const }),
      fc.record({ kind: fc.constant('seek' as const), to: fc.integer({ min: 0, max: 50 }) }),
    )
    const lowest = (...sets: ReadonlySet<number>[]) => Math.min(Infinity, ...sets.flatMap(set => [...set]))
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), steps => {
        const { assigned, roomOfAll, put, take } = setup()
        let [inHand, withUser] = [new Set<number>(), new Set<number>()]
        for (const each of steps) {
          if (each.kind === 'put') {
            const from = assigned.course.offset + each.gap
            const offsets = Array.from({ length: each.messages }, (_, index) => from + index)
            put(offsets, from + each.messages)
            for (const offset of offsets) inHand.add(offset)
          } else if (each.kind === 'take') {
            for (const offset of take()) {
              inHand.delete(offset)
              withUser.add(offset)
            }
          } else if (each.kind === 'finish') {
            assigned.finish()
            withUser = new Set()
          } else {
            assigned.seek(each.to)
            inHand = new Set()
            withUser = new Set()
          }
          expect(assigned.polled).toBeLessThanOrEqual(lowest(inHand))
          expect(assigned.consumed).toBeLessThanOrEqual(lowest(inHand, withUser))
          expect([assigned.count, roomOfAll.count]).toEqual([inHand.size, inHand.size])
        }
      }),
    )
  })
})

describe('what is first in hand', () => {
  it('tells when it was stored, and nothing where nothing is in hand', () => {
    const { assigned, put, take } = setup()
    expect(assigned.firstStoredAt).toBeUndefined()
    put([10], 11)
    expect(assigned.firstStoredAt).toBe(1_700_000_000_123)
    take()
    expect(assigned.firstStoredAt).toBeUndefined()
  })
})
