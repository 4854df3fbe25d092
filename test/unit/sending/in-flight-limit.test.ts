import fc from '../../support/property'
import { RocketMQError } from '../../../lib/errors'
import type { Timer } from '../../../lib/runtime/clock'
import { ManualClock } from '../../../lib/runtime/manual-clock'
import { InFlightLimit } from '../../../lib/sending/in-flight-limit'

const clock = new ManualClock()
const LONG = { timeoutMs: 1e9 }

function limit(maxMessages: number, maxBytes: number): InFlightLimit {
  return new InFlightLimit({ maxMessages, maxBytes }, clock)
}

/** Notes under `name` when a promise has settled. */
function noted(promise: Promise<unknown>, name: string, notes: string[]): void {
  promise.then(
    () => notes.push(name),
    (error: Error) => notes.push(`${name} failed: ${RocketMQError.is(error) ? error.code : error.message}`),
  )
}

describe('the limit of what is in flight', () => {
  it('takes as many messages as it may, and refuses the next one', () => {
    const two = limit(2, 100)
    expect([two.tryEnter(1), two.tryEnter(1), two.tryEnter(1)]).toEqual([true, true, false])
    expect([two.messages, two.bytes]).toEqual([2, 2])
  })

  it('takes bytes up to the limit itself and not one more', () => {
    const bytes = limit(10, 100)
    expect([bytes.tryEnter(60), bytes.tryEnter(41), bytes.tryEnter(40), bytes.tryEnter(0)]).toEqual([
      true,
      false,
      true,
      true,
    ])
  })

  it('lets a message above the whole limit of bytes go when it is alone', () => {
    const bytes = limit(10, 100)
    expect(bytes.tryEnter(500)).toBe(true)
    expect(bytes.tryEnter(1)).toBe(false)
    bytes.leave(500)
    bytes.tryEnter(1)
    expect(bytes.tryEnter(500)).toBe(false)
  })

  it('admits those who wait in turn, and nobody before them', async () => {
    const one = limit(1, 100)
    const notes: string[] = []
    one.tryEnter(10)
    noted(one.enter(20, LONG), 'first', notes)
    noted(one.enter(30, LONG), 'second', notes)
    one.leave(10)
    expect(one.tryEnter(1)).toBe(false)
    await clock.advance(0)
    expect(notes).toEqual(['first'])
    expect([one.messages, one.bytes]).toEqual([1, 20])
    one.leave(20)
    await clock.advance(0)
    expect(notes).toEqual(['first', 'second'])
  })

  it('lets nobody overtake a large message that waits', async () => {
    const bytes = limit(10, 100)
    const notes: string[] = []
    bytes.tryEnter(50)
    bytes.tryEnter(40)
    noted(bytes.enter(60, LONG), 'large', notes)
    noted(bytes.enter(1, LONG), 'small', notes)
    bytes.leave(40)
    await clock.advance(0)
    expect(notes).toEqual([])
    bytes.leave(50)
    await clock.advance(0)
    expect(notes).toEqual(['large', 'small'])
  })

  it('has those behind a large message go on when it gives up', async () => {
    const bytes = limit(10, 100)
    const notes: string[] = []
    const abort = new AbortController()
    bytes.tryEnter(50)
    noted(bytes.enter(60, { ...LONG, signal: abort.signal }), 'large', notes)
    noted(bytes.enter(1, LONG), 'small', notes)
    abort.abort(new Error('enough'))
    await clock.advance(0)
    expect(notes).toEqual(['large failed: ABORTED', 'small'])
    expect([bytes.messages, bytes.bytes]).toEqual([2, 51])
  })

  it('ends a wait when its time is up, and says that nothing was sent', async () => {
    const one = limit(1, 100)
    one.tryEnter(10)
    const waiting = one.enter(1, { timeoutMs: 3000 })
    const outcome = expect(waiting).rejects.toMatchObject({
      code: 'SEND_TIMEOUT',
      sent: 'NO',
      attempts: 0,
      brokersTried: [],
      message: expect.stringContaining('1 messages of 10 bytes'),
    })
    await clock.advance(2999)
    expect(one.messages).toBe(1)
    await clock.advance(1)
    await outcome
    one.leave(10)
    expect([one.messages, one.bytes]).toEqual([0, 0])
  })

  it('does not count, nor time out, a caller that was aborted before it came', async () => {
    const one = limit(1, 100)
    one.tryEnter(1)
    const signal = AbortSignal.abort(new Error('no more'))
    await expect(one.enter(1, { timeoutMs: 10, signal })).rejects.toThrow('no more')
    await clock.advance(20)
    one.leave(1)
    await expect(one.whenIdle()).resolves.toBeUndefined()
  })

  it('refuses those who wait, and all who come, once it is closed, and is idle when the rest has left', async () => {
    const one = limit(1, 100)
    const notes: string[] = []
    one.tryEnter(10)
    noted(one.enter(1, { timeoutMs: 50 }), 'first', notes)
    noted(one.enter(1, LONG), 'second', notes)
    expect(one.waiting).toBe(2)
    one.close(() => new RocketMQError('INVALID_STATE', 'closed', { sent: 'NO' }))
    noted(one.enter(1, LONG), 'late', notes)
    await clock.advance(100)
    expect(notes).toEqual(['first', 'second', 'late'].map(name => `${name} failed: INVALID_STATE`))
    expect(one.tryEnter(1)).toBe(false)
    expect(one.refusal('T')).toMatchObject({ code: 'INVALID_STATE', sent: 'NO' })
    one.leave(10)
    expect(one.tryEnter(1)).toBe(false)
    await one.whenIdle()
    expect([one.messages, one.bytes, one.waiting]).toEqual([0, 0, 0])
  })

  it('is no longer bound to the signal once it has admitted', async () => {
    const one = limit(1, 100)
    const abort = new AbortController()
    one.tryEnter(1)
    const entered = one.enter(1, { ...LONG, signal: abort.signal })
    one.leave(1)
    abort.abort()
    await expect(entered).resolves.toBeUndefined()
    expect(one.messages).toBe(1)
  })

  it('is idle when everything has left, those who waited included', async () => {
    const one = limit(1, 100)
    const notes: string[] = []
    await expect(one.whenIdle()).resolves.toBeUndefined()
    one.tryEnter(1)
    noted(one.whenIdle(), 'idle', notes)
    noted(one.whenIdle(), 'idle too', notes)
    noted(one.enter(2, LONG), 'entered', notes)
    one.leave(1)
    await clock.advance(0)
    expect(notes).toEqual(['entered'])
    one.leave(2)
    await clock.advance(0)
    expect(notes).toEqual(['entered', 'idle', 'idle too'])
  })

  it('names what is in flight, and the cure, to a caller that does not wait', () => {
    const one = limit(1, 100)
    one.tryEnter(7)
    expect(one.refusal('Orders')).toMatchObject({
      code: 'TOO_MANY_REQUESTS',
      topic: 'Orders',
      sent: 'NO',
      message: expect.stringMatching(/1 messages of 7 bytes.*maxInFlight/),
    })
  })

  it('is not idle while more will follow, which takes no place', async () => {
    const one = limit(1, 100)
    const notes: string[] = []
    const done = [one.hold(), one.hold()]
    noted(one.whenIdle(), 'idle', notes)
    expect(one.tryEnter(10)).toBe(true)
    one.leave(10)
    done[0]?.()
    await clock.advance(0)
    expect(notes).toEqual([])
    done[1]?.()
    await clock.advance(0)
    expect(notes).toEqual(['idle'])
    await one.whenIdle()
  })

  it('under any schedule keeps its bounds, admits in turn and forgets nobody', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('enter' as const), bytes: fc.nat(60) }),
      fc.record({ kind: fc.constant('leave' as const), pick: fc.nat() }),
      fc.record({ kind: fc.constant('abort' as const), pick: fc.nat() }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async steps => {
        const bounded = limit(3, 100)
        const inside: number[] = []
        const waiting: { id: number; abort: AbortController }[] = []
        const admitted: number[] = []
        let id = 0
        for (const each of steps) {
          if (each.kind === 'enter') {
            const mine = id++
            const abort = new AbortController()
            waiting.push({ id: mine, abort })
            bounded.enter(each.bytes, { ...LONG, signal: abort.signal }).then(
              () => {
                waiting.splice(
                  waiting.findIndex(waiter => waiter.id === mine),
                  1,
                )
                inside.push(each.bytes)
                admitted.push(mine)
              },
              () => undefined,
            )
          } else if (each.kind === 'leave' && inside.length > 0) {
            bounded.leave(inside.splice(each.pick % inside.length, 1)[0] as number)
          } else if (each.kind === 'abort' && waiting.length > 0) {
            waiting.splice(each.pick % waiting.length, 1)[0]?.abort.abort()
          }
          await new Promise(resolve => setImmediate(resolve))
          const bytes = inside.reduce((sum, one) => sum + one, 0)
          expect([bounded.messages, bounded.bytes]).toEqual([inside.length, bytes])
          expect(inside.length).toBeLessThanOrEqual(3)
          if (inside.length > 1) expect(bytes).toBeLessThanOrEqual(100)
          expect(waiting.length === 0 || inside.length > 0).toBe(true)
        }
        expect(admitted).toEqual([...admitted].sort((a, b) => a - b))
        while (inside.length > 0) {
          bounded.leave(inside.pop() as number)
          await new Promise(resolve => setImmediate(resolve))
        }
        expect(waiting).toEqual([])
        expect([bounded.messages, bounded.bytes]).toEqual([0, 0])
      }),
      { numRuns: 60 },
    )
  })
})

describe('the limit of what is sent a second', () => {
  const rated = (perSecond: number, burst: number): InFlightLimit =>
    new InFlightLimit({ maxMessages: 100, maxBytes: 1e6, rate: { perSecond, burst } }, clock)

  it('lets as many go at once as it may after a rest, and then one after another', async () => {
    const notes: string[] = []
    const two = rated(10, 2)
    expect([two.tryEnter(1), two.tryEnter(1), two.tryEnter(1)]).toEqual([true, true, false])
    for (const name of ['a', 'b', 'c']) noted(two.enter(1, LONG), name, notes)
    await clock.advance(99)
    expect(notes).toEqual([])
    await clock.advance(2)
    expect(notes).toEqual(['a'])
    await clock.advance(200)
    expect(notes).toEqual(['a', 'b', 'c'])
  })

  it('counts the messages of a batch, after which the next waits longer', async () => {
    const notes: string[] = []
    const ten = rated(10, 10)
    expect(ten.tryEnter(1, 30)).toBe(true)
    noted(ten.enter(1, LONG), 'next', notes)
    await clock.advance(2000)
    expect(notes).toEqual([])
    await clock.advance(101)
    expect(notes).toEqual(['next'])
  })

  it('admits those who wait though a token comes between two looks at the clock', async () => {
    const one = rated(1000, 1)
    one.tryEnter(1)
    let steps = 0
    const monotonic = jest.spyOn(clock, 'monotonic').mockImplementation(() => 1e6 + steps++ * 0.6)
    const notes: string[] = []
    noted(one.enter(1, LONG), 'next', notes)
    await clock.advance(2)
    monotonic.mockRestore()
    expect(notes).toEqual(['next'])
  })

  it('is named to those who do not wait, or wait in vain', async () => {
    const one = rated(1, 1)
    one.tryEnter(1)
    expect(one.refusal('T')).toMatchObject({
      code: 'TOO_MANY_REQUESTS',
      message: expect.stringMatching(/more than 1 messages a second.*rateLimit/),
    })
    const waiting = one.enter(1, { timeoutMs: 500 })
    const outcome = expect(waiting).rejects.toThrow(/500 ms in vain, more than 1 messages a second/)
    await clock.advance(500)
    await outcome
  })

  it('is not idle while one waits for it, and leaves no timer where all give up or it is closed', async () => {
    const timers = jest.spyOn(clock, 'after')
    const one = rated(0.001, 1)
    one.tryEnter(1)
    const abort = new AbortController()
    const notes: string[] = []
    noted(one.enter(1, { ...LONG, signal: abort.signal }), 'first', notes)
    noted(one.enter(1, { timeoutMs: undefined }), 'second', notes)
    one.leave(1)
    noted(one.whenIdle(), 'idle', notes)
    await clock.advance(0)
    expect(notes).toEqual([])
    abort.abort(new Error('enough'))
    one.close(() => new RocketMQError('INVALID_STATE', 'closed'))
    await clock.advance(0)
    expect(notes.toSorted()).toEqual(['first failed: ABORTED', 'idle', 'second failed: INVALID_STATE'])
    const armed = timers.mock.results.map(({ value }) => value as Timer)
    timers.mockRestore()
    // One that is not there any more cannot be cancelled.
    expect(armed.filter(timer => timer.cancel())).toEqual([])
  })
})
