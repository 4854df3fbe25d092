import { type KeyLane, KeyLanes } from '../../../../lib/consumer/push/key-lanes'
import type { ProcessQueue, ProcessQueueEntry } from '../../../../lib/consumer/push/process-queue'
import { RocketMQError } from '../../../../lib/errors'
import { fillKeys, keyQueue } from '../../../support/key-setup'

const contextOf = (queue: ProcessQueue) => ({ consumerGroup: 'g', messageQueue: queue.queue, signal: queue.signal })

/** Lanes of a queue with a message for each of the keys. */
function lanesOf(keys: string, from = 0): { queue: ProcessQueue; lanes: KeyLanes } {
  const queue = keyQueue(keys, { from })
  const lanes = new KeyLanes(queue, contextOf(queue))
  lanes.refill()
  return { queue, lanes }
}

/** Begins the lane whose turn it is. */
function begin(lanes: KeyLanes, max = 1): { lane: KeyLane; texts: string; entries: ProcessQueueEntry[] } {
  const lane = lanes.next() as KeyLane
  const entries = lanes.begin(lane, max, 0)
  return { lane, entries, texts: entries.map(({ message }) => message.text()).join() }
}

const timer = { cancel: () => undefined }

describe('the lanes of a queue', () => {
  it('are one for each key and for each message without, in the order of their first messages', () => {
    const { lanes } = lanesOf('ab-a-')
    expect([lanes.held, lanes.keys]).toEqual([4, 2])
    const begun = Array.from({ length: 4 }, () => begin(lanes, 9).texts)
    expect(begun).toEqual(['a0,a3', 'b1', '-2', '-4'])
    expect([lanes.held, lanes.next()]).toEqual([0, undefined])
  })

  it('give no more than is asked for, and come again behind the others', () => {
    const { queue, lanes } = lanesOf('aab')
    const { lane, entries } = begin(lanes)
    expect([queue.held, queue.running]).toEqual([2, 1])
    queue.finish(entries)
    lanes.passed(lane, 1)
    lanes.release(lane)
    expect([begin(lanes).texts, begin(lanes).texts]).toEqual(['b2', 'a1'])
  })

  it('are forgotten when they are empty', () => {
    const { lanes } = lanesOf('a')
    const { lane } = begin(lanes)
    expect([lanes.keys, lanes.isIdle]).toEqual([1, false])
    lanes.passed(lane, 1)
    lanes.release(lane)
    expect([lanes.keys, lanes.isIdle, lanes.held]).toEqual([0, true, 0])
  })

  it('take in what has come since, busy or not', () => {
    const { queue, lanes } = lanesOf('a')
    const { lane } = begin(lanes)
    fillKeys(queue, 'aba')
    lanes.refill()
    expect(lanes.held).toBe(1)
    lanes.passed(lane, 1)
    lanes.release(lane)
    expect([begin(lanes, 9).texts, begin(lanes, 9).texts]).toEqual(['b2', 'a1,a3'])
  })

  it('keep their order where offsets go back, behind what has begun', () => {
    const { queue, lanes } = lanesOf('aa', 10)
    const { lane } = begin(lanes)
    queue.put([], 5)
    fillKeys(queue, 'aa')
    lanes.refill()
    queue.put([], 12)
    fillKeys(queue, 'a')
    lanes.refill()
    lanes.passed(lane, 1)
    lanes.release(lane)
    expect(begin(lanes, 9).texts).toBe('a5,a6,a11,a12')
  })

  it('keep what is to be put away first, first', () => {
    const { queue, lanes } = lanesOf('a', 10)
    const { lane, entries } = begin(lanes)
    lane.spent = 1
    queue.hold(entries)
    lanes.wait(lane, timer)
    queue.put([], 5)
    fillKeys(queue, 'a')
    lanes.refill()
    lanes.resume(lane)
    expect(begin(lanes, 9).texts).toBe('a10,a5')
    lanes.passed(lane, 1)
    expect([lane.spent, lane.busy]).toEqual([0, 1])
  })

  it('give a message that cannot be read alone', () => {
    const { queue, lanes } = lanesOf('')
    const messages = fillKeys(queue, 'aaaa')
    for (const index of [0, 2])
      (messages[index] as { unreadable: unknown }).unreadable = new RocketMQError('MESSAGE_UNREADABLE', '')
    lanes.refill()
    const lane = lanes.next() as KeyLane
    const batches: number[] = []
    while (lane.head !== undefined) {
      const entries = lanes.begin(lane, 9, 0)
      batches.push(entries.length)
      lanes.passed(lane, entries.length)
    }
    expect(batches).toEqual([1, 1, 1, 1])
  })

  it('are not held while the queue is being locked, or is given back', () => {
    const { queue, lanes } = lanesOf('a')
    lanes.isLocking = true
    expect(lanes.held).toBe(0)
    lanes.isLocking = false
    expect(lanes.held).toBe(1)
    queue.seal()
    expect(lanes.held).toBe(0)
  })
})

describe('a lane that waits', () => {
  it('is idle and comes again when it is resumed, once', () => {
    const { lanes } = lanesOf('a')
    const { lane } = begin(lanes)
    lanes.wait(lane, timer)
    expect([lanes.isIdle, lanes.held]).toEqual([true, 0])
    lanes.resume(lane)
    lanes.resume(lane)
    expect(lanes.held).toBe(1)
  })

  it.each(['detach', 'cancelWaits'] as const)('does not come again after %s, and its timer ends', how => {
    const { lanes } = lanesOf('a')
    const { lane } = begin(lanes)
    const cancel = jest.fn()
    lanes.wait(lane, { cancel })
    lanes[how]()
    lanes.resume(lane)
    expect([cancel.mock.calls.length, lanes.held]).toEqual([1, 0])
  })
})

describe('lanes of a queue that is no longer ours', () => {
  it('are forgotten, but for those of running listeners', () => {
    const { queue, lanes } = lanesOf('aabbc')
    const [first] = [begin(lanes), begin(lanes)]
    lanes.passed(first.lane, 1)
    lanes.release(first.lane)
    queue.drop()
    lanes.detach()
    expect([lanes.keys, lanes.isIdle, lanes.held]).toEqual([1, false, 0])
  })

  it('let what comes when it is ours again follow what still runs, though it is the same', () => {
    const { queue, lanes } = lanesOf('aaab')
    const { lane, texts } = begin(lanes, 2)
    expect(texts).toBe('a0,a1')
    queue.drop()
    const again = keyQueue('aaab')
    lanes.attach(again, contextOf(again))
    lanes.refill()
    expect(lanes.queue).toBe(again)
    expect(lanes.context.signal).toBe(again.signal)
    expect([begin(lanes).texts, lanes.held]).toEqual(['b3', 0])
    lanes.passed(lane, 2)
    lanes.release(lane)
    expect(begin(lanes, 9).texts).toBe('a0,a1,a2')
    expect([again.held, again.running]).toEqual([0, 4])
  })
})
