import { AssignedQueue } from '../../../../lib/consumer/lite-pull/assigned-queue'
import { CacheRoom } from '../../../../lib/consumer/lite-pull/cache-room'
import { Poller } from '../../../../lib/consumer/lite-pull/poller'
import { ManualClock } from '../../../../lib/runtime/manual-clock'
import { storedMessage } from '../../../support/records'

const LIMITS = { maxMessages: 1000, maxBytes: 1e6, maxSpan: 1000 }

function setup() {
  const clock = new ManualClock()
  const poller = new Poller(clock)
  const newQueue = (queueId: number) =>
    new AssignedQueue({ topic: 'T', brokerName: 'b', queueId }, 0, { limits: LIMITS, roomOfAll: new CacheRoom(1000) })
  const put = (assigned: AssignedQueue, ...offsets: number[]) => {
    for (const queueOffset of offsets) assigned.put(assigned.course, [storedMessage({ queueOffset })], queueOffset + 1)
    poller.offer(assigned)
  }
  const next = async (timeoutMs = 0, signal?: AbortSignal): Promise<string | undefined> => {
    const polled = await poller.next({ timeoutMs, signal })
    return polled && `${polled.assigned.queue.queueId}: ${polled.messages.map(each => each.queueOffset).join()}`
  }
  return { clock, poller, newQueue, put, next }
}

describe('polls', () => {
  it('get the batches of all queues in turn', async () => {
    const { newQueue, put, next } = setup()
    const [one, two] = [newQueue(1), newQueue(2)]
    put(one, 0, 1, 2)
    put(two, 0)
    const polled = [await next(), await next(), await next(), await next(), await next()]
    expect(polled).toEqual(['1: 0', '2: 0', '1: 1', '1: 2', undefined])
  })

  it('wait for a batch, for as long as they may', async () => {
    const { clock, newQueue, put, next } = setup()
    const [early, late] = [next(1000), next(500)]
    await clock.advance(500)
    expect(await late).toBeUndefined()
    put(newQueue(1), 0)
    expect(await early).toBe('1: 0')
  })

  it('go on waiting where another was faster', async () => {
    const { clock, newQueue, put, next } = setup()
    const [first, second] = [next(1000), next(1000)]
    put(newQueue(1), 0)
    expect(await first).toBe('1: 0')
    await clock.advance(999)
    put(newQueue(2), 7)
    expect(await second).toBe('2: 7')
  })

  it('pass over queues that are paused, until these are offered again', async () => {
    const { poller, newQueue, put, next } = setup()
    const assigned = newQueue(1)
    put(assigned, 0)
    assigned.pause.shut()
    expect(await next()).toBeUndefined()
    assigned.pause.open()
    poller.offer(assigned)
    expect(await next()).toBe('1: 0')
  })

  it('reject when their signal is aborted, and take no batch with them', async () => {
    const { newQueue, put, next } = setup()
    const abort = new AbortController()
    const waiting = expect(next(1000, abort.signal)).rejects.toMatchObject({ code: 'ABORTED' })
    abort.abort()
    await waiting
    put(newQueue(1), 0)
    await expect(next(1000, abort.signal)).rejects.toMatchObject({ code: 'ABORTED' })
    expect(await next()).toBe('1: 0')
  })

  it('get nothing any more after the end, whether they waited or come later', async () => {
    const { poller, newQueue, put, next } = setup()
    const waiting = next(60_000)
    poller.stop()
    put(newQueue(1), 0)
    expect([await waiting, await next(60_000)]).toEqual([undefined, undefined])
  })
})
