import fc from '../../support/property'
import { type Deadline, DeadlineList, NOT_LISTED } from '../../../lib/remoting/deadline-list'
import type { Clock, Timer } from '../../../lib/runtime/clock'

const TICK_MS = 16

/** A clock whose timers run at once when it is moved; `jitter` has them run that much too early, as Node may do by a millisecond. */
class StepClock implements Clock {
  #time = 0
  #timers = new Set<{ at: number; callback: () => void }>()
  readonly #jitter: number

  constructor(jitter = 0) {
    this.#jitter = jitter
  }

  get pendingTimers(): number {
    return this.#timers.size
  }

  now(): number {
    return this.#time
  }

  monotonic(): number {
    return this.#time
  }

  after(ms: number, callback: () => void): Timer {
    const timer = { at: this.#time + Math.max(0.01, ms - this.#jitter), callback }
    this.#timers.add(timer)
    return { cancel: () => this.#timers.delete(timer) }
  }

  sleep(): Promise<void> {
    return Promise.reject(new Error('nobody sleeps here'))
  }

  /** Time passes, and timers run as they fall due. */
  move(ms: number): void {
    const end = this.#time + ms
    for (let next = this.#next(); next !== undefined && next.at <= end; next = this.#next()) {
      this.#time = Math.max(this.#time, next.at)
      this.#timers.delete(next)
      next.callback()
    }
    this.#time = end
  }

  /** Time passes while the event loop is blocked; timers run, late, with the next move. */
  block(ms: number): void {
    this.#time += ms
  }

  #next() {
    return [...this.#timers].sort((a, b) => a.at - b.at)[0]
  }
}

interface Entry extends Deadline {
  readonly name: number
}

function entryOf(name: number): Entry {
  return { name, deadlineAt: 0, deadlineSlot: NOT_LISTED, previousDeadline: undefined, nextDeadline: undefined }
}

function setUp(jitter = 0) {
  const clock = new StepClock(jitter)
  const expired: { name: number; at: number; late: number }[] = []
  const list = new DeadlineList<Entry>(clock, ({ name, deadlineAt }) =>
    expired.push({ name, at: clock.monotonic(), late: clock.monotonic() - deadlineAt }),
  )
  return { clock, list, expired }
}

type Step =
  | { readonly kind: 'add'; readonly ms: number }
  | { readonly kind: 'remove'; readonly which: number }
  | { readonly kind: 'move'; readonly ms: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(0, 0.4, 1, 15.9, 16, 100, 3000, 3000.5, 16_384, 20_000, 30_000, 70_000).map(add),
  },
  { weight: 2, arbitrary: fc.double({ min: 0, max: 40_000, noNaN: true }).map(add) },
  { weight: 3, arbitrary: fc.nat().map(which => ({ kind: 'remove' as const, which })) },
  {
    weight: 3,
    arbitrary: fc
      .oneof(fc.double({ min: 0, max: 50, noNaN: true }), fc.double({ min: 0, max: 20_000, noNaN: true }))
      .map(ms => ({ kind: 'move' as const, ms })),
  },
)

function add(ms: number): Step {
  return { kind: 'add', ms }
}

describe('DeadlineList', () => {
  it.each([0, 1])(
    'expires what a naive list would, never early and at most a tick late, with timers that are %i ms early',
    jitter => {
      fc.assert(
        fc.property(fc.array(step, { maxLength: 60 }), steps => {
          const { clock, list, expired } = setUp(jitter)
          const waiting = new Map<number, Entry>()
          let names = 0
          for (const each of steps) {
            if (each.kind === 'add') {
              const entry = entryOf(names++)
              waiting.set(entry.name, entry)
              list.add(entry, each.ms)
            } else if (each.kind === 'remove') {
              const entry = [...waiting.values()][each.which % Math.max(1, waiting.size)]
              if (entry === undefined) continue
              waiting.delete(entry.name)
              list.remove(entry)
            } else clock.move(each.ms)
            for (const { name, late } of expired.splice(0)) {
              expect(waiting.delete(name)).toBe(true)
              expect(late).toBeGreaterThanOrEqual(0)
              expect(late).toBeLessThanOrEqual(TICK_MS + 0.1)
            }
            expect(list.size).toBe(waiting.size)
            const overdue = [...waiting.values()].filter(
              ({ deadlineAt }) => deadlineAt + TICK_MS + 0.1 < clock.monotonic(),
            )
            expect(overdue).toEqual([])
          }
        }),
        { numRuns: 500 },
      )
    },
  )

  it('expires a pull of 30 s after 30 s, however many sends of 3 s come and go beside it', () => {
    const { clock, list, expired } = setUp()
    list.add(entryOf(0), 30_000)
    for (let sent = 1; clock.monotonic() < 40_000; sent++) {
      const send = entryOf(sent)
      list.add(send, 3000)
      clock.move(7)
      list.remove(send)
    }
    expect(expired).toEqual([{ name: 0, at: 30_000, late: 0 }])
  })

  it('lets answers be read first that came while the event loop was blocked, and expires the rest', () => {
    const { clock, list, expired } = setUp()
    const entries = Array.from({ length: 100 }, (_, name) => entryOf(name))
    for (const entry of entries) list.add(entry, entry.name * 500)
    clock.block(60_000)
    clock.move(0)
    expect(expired).toEqual([])
    for (const answered of entries.slice(0, 50)) list.remove(answered)
    clock.move(TICK_MS)
    expect(expired.map(({ name }) => name).sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => 50 + i))
    expect(list.size).toBe(0)
  })

  it('expires all the same when the event loop is blocked again and again', () => {
    const { clock, list, expired } = setUp()
    list.add(entryOf(0), 1000)
    clock.block(2000)
    clock.move(0)
    clock.block(2000)
    clock.move(0)
    expect(expired).toHaveLength(1)
  })

  it('has one timer at most, and none after it was stopped', () => {
    const { clock, list } = setUp()
    for (let name = 0; name < 100; name++) list.add(entryOf(name), 30_000 - name * 250)
    expect(clock.pendingTimers).toBe(1)
    list.stop()
    expect(clock.pendingTimers).toBe(0)
  })

  it('has no timer left once it is empty and the last one has run', () => {
    const { clock, list } = setUp()
    const entry = entryOf(0)
    list.add(entry, 3000)
    list.remove(entry)
    clock.move(3016)
    expect(clock.pendingTimers).toBe(0)
  })

  it('expires a deadline of no time at all with the next tick', () => {
    const { clock, list, expired } = setUp()
    clock.move(160)
    list.add(entryOf(0), 0)
    expect(expired).toEqual([])
    clock.move(TICK_MS)
    expect(expired).toHaveLength(1)
  })

  it('takes entries that those who expire add and remove', () => {
    const clock = new StepClock()
    const expired: number[] = []
    const [second, third] = [entryOf(2), entryOf(3)]
    const list: DeadlineList<Entry> = new DeadlineList<Entry>(clock, ({ name }) => {
      expired.push(name)
      if (name !== 1) return
      list.remove(second)
      list.add(third, 50)
    })
    list.add(entryOf(1), 16)
    list.add(second, 100)
    clock.move(200)
    expect(expired).toEqual([1, 3])
  })

  it('keeps the others of a slot when one is removed that has expired in the same tick', () => {
    const clock = new StepClock()
    const expired: number[] = []
    const [first, second] = [entryOf(1), entryOf(2)]
    const list: DeadlineList<Entry> = new DeadlineList<Entry>(clock, ({ name }) => {
      expired.push(name)
      list.remove(first)
      list.remove(second)
    })
    list.add(entryOf(3), 32 + 1024 * TICK_MS)
    list.add(first, 32)
    list.add(second, 32)
    clock.move(32)
    expect(list.size).toBe(1)
    clock.move(1024 * TICK_MS)
    expect(expired).toContain(3)
    expect(list.size).toBe(0)
  })

  it('may be given an entry again', () => {
    const { clock, list, expired } = setUp()
    const entry = entryOf(1)
    list.add(entry, 100)
    list.remove(entry)
    list.add(entry, 200)
    clock.move(150)
    expect(expired).toEqual([])
    clock.move(70)
    expect(expired).toHaveLength(1)
  })
})
