import {
  ProcessQueue,
  type ProcessQueueEntry,
  type ProcessQueueLimits,
} from '../../../../lib/consumer/push/process-queue'
import type { StoredMessage } from '../../../../lib/wire/stored-message'
import { storedMessage } from '../../../support/records'

const QUEUE = { topic: 'Orders', brokerName: 'broker-a', queueId: 1 }
const LIMITS: ProcessQueueLimits = { maxMessages: 1000, maxBytes: 1e6, maxSpan: 2000 }

function message(queueOffset: number, bytes = 5): StoredMessage {
  return storedMessage({ queueOffset, body: Buffer.alloc(bytes, 'x') })
}

/** A queue that starts at 10, with messages of these offsets. */
function queueOf(offsets: readonly number[], limits: Partial<ProcessQueueLimits> = {}): ProcessQueue {
  const queue = new ProcessQueue(QUEUE, 10, { ...LIMITS, ...limits })
  queue.put(
    offsets.map(offset => message(offset)),
    Math.max(9, ...offsets) + 1,
  )
  return queue
}

const offsetsOf = (entries: readonly ProcessQueueEntry[]): number[] => entries.map(({ offset }) => offset)

/** What becomes of a promise by now. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const open = Symbol('open')
  return (await Promise.race([promise, Promise.resolve(open)])) !== open
}

describe('what a queue hands out', () => {
  it('comes in the order of offsets, no more than is asked for', () => {
    const queue = queueOf([10, 11, 12])
    expect(offsetsOf(queue.take(2, 5))).toEqual([10, 11])
    expect(offsetsOf(queue.take(2, 5))).toEqual([12])
    expect(queue.take(2, 5)).toEqual([])
    expect([queue.held, queue.running, queue.count]).toEqual([0, 3, 3])
  })

  it('notes when the listener began', () => {
    expect(queueOf([10]).take(1, 77)[0]).toMatchObject({ state: 'running', startedAt: 77 })
  })

  it('comes again first, where it was given back', () => {
    const queue = queueOf([10, 11, 12, 13])
    const [first, second] = queue.take(2, 0) as [ProcessQueueEntry, ProcessQueueEntry]
    queue.giveBack([second])
    queue.giveBack([first])
    expect(offsetsOf(queue.take(3, 0))).toEqual([11, 10, 12])
  })

  it('comes once, however often it is given back', () => {
    const queue = queueOf([10])
    const taken = queue.take(1, 0)
    queue.giveBack(taken)
    queue.giveBack(taken)
    expect([queue.held, queue.running]).toEqual([1, 0])
    expect(queue.take(5, 0)).toHaveLength(1)
  })

  it('is sorted where a broker goes back, and without what is in hand', () => {
    const queue = queueOf([10, 12, 14])
    queue.put([], 10)
    queue.put([message(11), message(12), message(13), message(16)], 17)
    expect(offsetsOf(queue.heads(99))).toEqual([10, 11, 12, 13, 14, 16])
    expect(offsetsOf(queue.take(99, 0))).toEqual([10, 11, 12, 13, 14, 16])
    queue.put([], 10)
    queue.put([message(9), message(15)], 17)
    expect(offsetsOf(queue.take(99, 0))).toEqual([15])
    expect(queue.count).toBe(7)
  })

  it('begins at the position that was asked for, also where a whole batch comes along', () => {
    const queue = new ProcessQueue(QUEUE, 12, LIMITS)
    queue.put([message(10), message(11), message(12), message(13)], 14)
    expect(offsetsOf(queue.take(9, 0))).toEqual([12, 13])
  })
})

describe('the commit offset', () => {
  it('is where the first pull begins, while nothing came', () => {
    expect(new ProcessQueue(QUEUE, 10, LIMITS).commitOffset).toBe(10)
  })

  it('waits for the first message that is not finished', () => {
    const queue = queueOf([10, 11, 12])
    const [first, second, third] = queue.take(3, 0) as [ProcessQueueEntry, ProcessQueueEntry, ProcessQueueEntry]
    expect(queue.finish([second])).toBeUndefined()
    expect(queue.finish([first])).toBe(12)
    expect(queue.finish([third])).toBe(13)
    expect(queue.count).toBe(0)
  })

  it('passes over what brokers have filtered away', () => {
    const queue = queueOf([10])
    queue.put([], 50)
    expect(queue.takeCommit()).toBeUndefined()
    expect(queue.finish(queue.take(1, 0))).toBe(50)
    queue.put([], 60)
    expect(queue.takeCommit()).toBe(60)
    expect(queue.takeCommit()).toBeUndefined()
  })

  it('never falls, also where a broker goes back', () => {
    const queue = queueOf([10, 11])
    expect(queue.finish(queue.take(2, 0))).toBe(12)
    queue.put([], 5)
    expect(queue.takeCommit()).toBeUndefined()
    queue.put([message(6)], 7)
    expect(queue.finish(queue.take(1, 0))).toBeUndefined()
  })

  it('is none once the queue is given away', () => {
    const queue = queueOf([10])
    const taken = queue.take(1, 0)
    queue.drop()
    expect(queue.finish(taken)).toBeUndefined()
    expect(queue.takeCommit()).toBeUndefined()
    expect(queue.count).toBe(0)
  })

  it('still rises while a listener ends after the queue was sealed', () => {
    const queue = queueOf([10, 11])
    const taken = queue.take(1, 0)
    queue.seal()
    expect(queue.finish(taken)).toBe(11)
  })
})

describe('finish', () => {
  it('acts once', () => {
    const queue = queueOf([10, 11])
    const taken = queue.take(2, 0)
    expect(queue.finish(taken)).toBe(12)
    expect(queue.finish(taken)).toBeUndefined()
    queue.giveBack(taken)
    expect([queue.count, queue.bytes, queue.running, queue.held]).toEqual([0, 0, 0, 0])
  })

  it('does nothing to a message that nobody has', () => {
    const queue = queueOf([10])
    expect(queue.finish(queue.heads(1))).toBeUndefined()
    expect(queue.count).toBe(1)
  })
})

describe('messages on their way back to the broker', () => {
  it('are claimed once, and hold the commit until it has accepted them', () => {
    const queue = queueOf([10, 11])
    const taken = queue.take(2, 0)
    expect(queue.returning(taken)).toEqual(taken)
    expect(queue.returning(taken)).toEqual([])
    expect([queue.running, queue.commitOffset]).toEqual([2, 10])
    expect(queue.finish(taken)).toBe(12)
  })

  it('are the listener’s again where no broker took them, from now on', () => {
    const queue = queueOf([10])
    const taken = queue.returning(queue.take(1, 0))
    queue.resume(taken, 500)
    expect(taken[0]).toMatchObject({ state: 'running', startedAt: 500 })
    queue.finish(taken)
    queue.resume(taken, 900)
    expect(taken[0]).toMatchObject({ state: 'done', startedAt: 500 })
  })

  it('can be handed out again in place', () => {
    const queue = queueOf([10])
    queue.giveBack(queue.returning(queue.take(1, 0)))
    expect([queue.held, queue.running]).toEqual([1, 0])
  })
})

describe('room', () => {
  it('is there up to the number of messages, and one pull more', () => {
    expect(queueOf([10, 11], { maxMessages: 2 }).hasRoom).toBe(true)
    expect(queueOf([10, 11, 12], { maxMessages: 2 }).hasRoom).toBe(false)
  })

  it('is there up to the number of bytes', () => {
    expect(queueOf([10, 11], { maxBytes: 10 }).hasRoom).toBe(true)
    expect(queueOf([10, 11], { maxBytes: 9 }).hasRoom).toBe(false)
  })

  it('ends where the first offset in hand and the last one that was put, handled or not, are too far apart', () => {
    expect(queueOf([10, 20], { maxSpan: 10 }).hasRoom).toBe(true)
    const wide = queueOf([10, 21], { maxSpan: 10 })
    expect(wide.hasRoom).toBe(false)
    const [first, last] = wide.take(2, 0) as [ProcessQueueEntry, ProcessQueueEntry]
    wide.finish([last])
    expect(wide.hasRoom).toBe(false)
    wide.finish([first])
    expect(wide.hasRoom).toBe(true)
    expect(queueOf([10, 9999], { maxSpan: undefined }).hasRoom).toBe(true)
  })

  it('wakes those who wait when there is some again', async () => {
    const queue = queueOf([10, 11, 12], { maxMessages: 1 })
    const waiting = queue.whenRoom(new AbortController().signal)
    const [first, second] = queue.take(2, 0) as [ProcessQueueEntry, ProcessQueueEntry]
    queue.finish([first])
    expect(await isSettled(waiting)).toBe(false)
    queue.finish([second])
    expect(await isSettled(waiting)).toBe(true)
  })

  it('is not waited for in vain: not where there is some, nor after a drop or an abort', async () => {
    const abort = new AbortController()
    expect(await isSettled(queueOf([10]).whenRoom(abort.signal))).toBe(true)
    const full = queueOf([10, 11], { maxMessages: 1 })
    const [aborted, dropped] = [full.whenRoom(abort.signal), full.whenRoom(new AbortController().signal)]
    abort.abort()
    expect(await isSettled(aborted)).toBe(true)
    expect(await isSettled(dropped)).toBe(false)
    full.drop()
    expect(await isSettled(dropped)).toBe(true)
    expect(await isSettled(full.whenRoom(new AbortController().signal))).toBe(true)
  })
})

describe('the end of a queue', () => {
  it('aborts its signal, hands out nothing more and takes nothing more in', () => {
    const queue = queueOf([10, 11])
    queue.drop()
    expect([queue.dropped, queue.sealed, queue.signal.aborted]).toEqual([true, true, true])
    expect(queue.take(9, 0)).toEqual([])
    queue.put([message(12)], 13)
    expect([queue.count, queue.held, queue.nextBeginOffset]).toEqual([2, 0, 12])
  })

  it('does not abort the signal while it is only sealed', () => {
    const queue = queueOf([10])
    queue.seal()
    expect([queue.sealed, queue.dropped]).toEqual([true, false])
  })

  it.each(['seal', 'drop'] as const)(
    'is idle when its listeners have ended, by success or failure, after %s',
    async end => {
      const queue = queueOf([10, 11, 12])
      expect(await isSettled(queue.whenIdle())).toBe(true)
      const [first, second, third] = queue.take(3, 0) as [ProcessQueueEntry, ProcessQueueEntry, ProcessQueueEntry]
      queue[end]()
      const idle = queue.whenIdle()
      queue.finish([first])
      queue.giveBack([second])
      expect(await isSettled(idle)).toBe(false)
      queue.giveBack(queue.returning([third]))
      expect(await isSettled(idle)).toBe(true)
      expect([queue.held, queue.running]).toEqual([0, 0])
    },
  )
})

describe('what a service that chooses by itself', () => {
  const offered = (queue: ProcessQueue): ProcessQueueEntry[] => {
    const entries: ProcessQueueEntry[] = []
    for (let entry = queue.nextHeld(); entry !== undefined; entry = queue.nextHeld()) entries.push(entry)
    return entries
  }

  it('is offered comes once, in the order of offsets, and stays held', () => {
    const queue = queueOf([10, 11])
    expect(offsetsOf(offered(queue))).toEqual([10, 11])
    queue.put([message(12)], 13)
    expect(offsetsOf(offered(queue))).toEqual([12])
    expect([queue.held, queue.running, queue.take(9, 0)]).toEqual([3, 0, []])
  })

  it('begins is running, whichever it is', () => {
    const queue = queueOf([10, 11])
    const [, second] = offered(queue) as [ProcessQueueEntry, ProcessQueueEntry]
    queue.begin([second], 77)
    expect(second).toMatchObject({ state: 'running', startedAt: 77 })
    expect([queue.held, queue.running]).toEqual([1, 1])
    expect([queue.finish([second]), queue.count, queue.running]).toEqual([undefined, 1, 0])
  })

  it('holds is not offered again, and can begin again', async () => {
    const queue = queueOf([10])
    const entries = offered(queue)
    queue.begin(entries, 0)
    const idle = queue.whenIdle()
    queue.hold(entries)
    queue.hold(entries)
    expect(await isSettled(idle)).toBe(true)
    expect([queue.held, queue.running, offered(queue), queue.take(9, 0)]).toEqual([1, 0, [], []])
    queue.begin(entries, 0)
    expect(queue.finish(entries)).toBe(11)
  })

  it('holds of a queue that is given away is not held', () => {
    const queue = queueOf([10, 11])
    const entries = offered(queue)
    queue.begin(entries, 0)
    queue.drop()
    queue.hold(entries)
    expect([queue.held, queue.running]).toEqual([0, 0])
  })
})

describe('the first entries in hand', () => {
  it('are looked at without being taken', () => {
    const queue = queueOf([10, 11, 12])
    expect(offsetsOf(queue.heads(2))).toEqual([10, 11])
    expect(queue.held).toBe(3)
  })
})

describe('messages that are kept', () => {
  it('are with no listener, and hold the commit back until they are finished', async () => {
    const queue = queueOf([10, 11, 12])
    const entries = queue.take(2, 0)
    queue.keep(entries)
    await queue.whenIdle()
    expect(queue).toMatchObject({ running: 0, held: 1, count: 3, commitOffset: 10 })
    expect(queue.finish(entries)).toBe(12)
    expect(queue).toMatchObject({ running: 0, held: 1, count: 1 })
  })

  it('may be handed out again, before all others', () => {
    const queue = queueOf([10, 11, 12, 13])
    const first = queue.take(2, 0)
    queue.keep(first)
    const third = queue.take(1, 0)
    queue.putBack(third)
    queue.putBack(first)
    expect(queue).toMatchObject({ running: 0, held: 4, count: 4 })
    expect(queue.take(9, 0).map(({ offset }) => offset)).toEqual([10, 11, 12, 13])
  })

  it('are not handed out again by a queue that is given away', () => {
    const queue = queueOf([10, 11])
    const entries = queue.take(2, 0)
    queue.keep(entries)
    queue.seal()
    queue.putBack(entries)
    expect(queue).toMatchObject({ running: 0, held: 0 })
    expect(queue.take(9, 0)).toEqual([])
  })
})
