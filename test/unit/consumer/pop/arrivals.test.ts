import { Arrivals } from '../../../../lib/consumer/pop/arrivals'
import type { PopPlace } from '../../../../lib/consumer/pop/pop-requests'
import { ManualClock } from '../../../../lib/runtime/manual-clock'
import { deferred } from '../../../support/fake-client'
import { PLACE } from '../../../support/pop-setup'

const at = (topic: string): PopPlace => ({ ...PLACE, queue: { ...PLACE.queue, topic } })
const never = new AbortController().signal

function setup() {
  const clock = new ManualClock()
  const asked: { topic: string; answer: ReturnType<typeof deferred<boolean>>; signal: AbortSignal }[] = []
  const hasMessages = ({ queue }: PopPlace, _pollMs: number, signal: AbortSignal) => {
    const answer = deferred<boolean>()
    asked.push({ topic: queue.topic, answer, signal })
    return answer.promise
  }
  return { clock, asked, arrivals: new Arrivals({ clock, requests: { hasMessages } }) }
}

async function isOver(clock: ManualClock, promise: Promise<void>): Promise<boolean> {
  let over = false
  void promise.then(() => (over = true))
  await clock.advance(0)
  return over
}

describe('waiting for messages', () => {
  it('ends when one of the places may have some', async () => {
    const { clock, asked, arrivals } = setup()
    const waiting = arrivals.any([at('A'), at('B')], 60_000, never)
    expect(await isOver(clock, waiting)).toBe(false)
    asked[1]?.answer.resolve(true)
    await waiting
  })

  it('ends with its time, and leaves the question to who comes next', async () => {
    const { clock, asked, arrivals } = setup()
    const first = arrivals.any([at('A')], 100, never)
    await clock.advance(100)
    await first
    const second = arrivals.any([at('A')], 60_000, never)
    expect([await isOver(clock, second), asked.length]).toEqual([false, 1])
    asked[0]?.answer.resolve(true)
    await second
  })

  it('goes on where a broker has held a question for its whole time', async () => {
    const { clock, asked, arrivals } = setup()
    const waiting = arrivals.any([at('A')], 600_000, never)
    await clock.advance(15_000)
    asked[0]?.answer.resolve(false)
    expect([await isOver(clock, waiting), asked.length]).toEqual([false, 2])
    asked[1]?.answer.resolve(true)
    await waiting
  })

  it('asks no more once the broker has answered a question that nobody waits for', async () => {
    const { clock, asked, arrivals } = setup()
    const waiting = arrivals.any([at('A')], 100, never)
    await clock.advance(100)
    await waiting
    await clock.advance(14_900)
    asked[0]?.answer.resolve(false)
    await clock.advance(0)
    expect(asked.length).toBe(1)
    const next = arrivals.any([at('A')], 60_000, never)
    expect([await isOver(clock, next), asked.length]).toEqual([false, 2])
    asked[1]?.answer.resolve(true)
    await next
  })

  it('rests where a broker answers at once that there is nothing', async () => {
    const { clock, asked, arrivals } = setup()
    void arrivals.any([at('A')], 600_000, never)
    asked[0]?.answer.resolve(false)
    await clock.advance(999)
    expect(asked.length).toBe(1)
    await clock.advance(1)
    expect(asked.length).toBe(2)
  })

  it('ends after a rest where a broker cannot be asked: a pop will tell why', async () => {
    const { clock, asked, arrivals } = setup()
    const waiting = arrivals.any([at('A')], 600_000, never)
    asked[0]?.answer.reject(new Error('no'))
    expect(await isOver(clock, waiting)).toBe(false)
    await clock.advance(1000)
    await waiting
  })

  it('ends when it is aborted, and calls questions off at the end', async () => {
    const { asked, arrivals } = setup()
    const abort = new AbortController()
    const waiting = arrivals.any([at('A')], 600_000, abort.signal)
    abort.abort()
    await waiting
    expect(asked[0]?.signal.aborted).toBe(false)
    const other = arrivals.any([at('A')], 600_000, never)
    arrivals.end()
    await other
    expect(asked[0]?.signal.aborted).toBe(true)
  })
})
