import fc from '../../support/property'
import { PendingTable } from '../../../lib/remoting/pending-table'
import { ManualClock } from '../../../lib/runtime/manual-clock'
import { RecordedRequest } from '../../support/pending'

const MAX_OPAQUE = 2 ** 31 - 1

function setUp(lastOpaque?: number) {
  const clock = new ManualClock()
  const expired: unknown[] = []
  const table = new PendingTable(clock, entry => expired.push(entry), lastOpaque)
  const add = (timeoutMs = 1000): RecordedRequest => {
    const entry = new RecordedRequest()
    table.add(entry, timeoutMs)
    return entry
  }
  return { clock, table, expired, add }
}

describe('PendingTable', () => {
  it('numbers requests from 1 on, those that wait for nothing too', () => {
    const { table, add } = setUp()
    expect([add().opaque, table.nextOpaque(), add().opaque]).toEqual([1, 2, 3])
    expect(table.size).toBe(2)
  })

  it('begins again at 1 after the largest number of 32 bits', () => {
    const { add } = setUp(MAX_OPAQUE - 2)
    expect([add(), add(), add(), add()].map(({ opaque }) => opaque)).toEqual([MAX_OPAQUE - 1, MAX_OPAQUE, 1, 2])
  })

  it('gives each request to its own answer, across the wrap too', () => {
    const { table, add } = setUp(MAX_OPAQUE - 50)
    const entries = Array.from({ length: 100 }, () => add())
    expect(new Set(entries.map(({ opaque }) => opaque)).size).toBe(100)
    for (const entry of entries.reverse()) expect(table.take(entry.opaque)).toBe(entry)
    expect(table.size).toBe(0)
  })

  it('finds every waiting request, however many come and go around those that wait long', () => {
    const step = fc.oneof({ weight: 3, arbitrary: fc.constant('add' as const) }, fc.nat({ max: 2000 }))
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 3000, size: 'max' }),
        fc.nat({ max: 1000 }),
        (steps, beforeWrap) => {
          const { table, add } = setUp(MAX_OPAQUE - beforeWrap)
          const waiting: RecordedRequest[] = []
          for (const each of steps) {
            if (each === 'add') waiting.push(add())
            else
              for (const entry of waiting.splice(each % (waiting.length + 1), 3))
                expect(table.take(entry.opaque)).toBe(entry)
          }
          expect(table.size).toBe(waiting.length)
          expect(new Set(waiting.map(({ opaque }) => opaque)).size).toBe(waiting.length)
          expect(table.takeAll()).toEqual(waiting)
        },
      ),
      { numRuns: 30 },
    )
  })

  it('gives no number of a request that still waits, not even after all others had theirs', () => {
    const { table, add } = setUp()
    const old = add()
    const numbers = Array.from({ length: 5000 }, () => {
      const { opaque } = add()
      table.take(opaque)
      return opaque
    })
    expect(numbers.filter(opaque => opaque === old.opaque)).toEqual([])
    expect(table.take(old.opaque)).toBe(old)
  })

  it('has nothing for a number that is unknown or was taken', () => {
    const { table, add } = setUp()
    const { opaque } = add()
    expect(table.take(opaque + 1)).toBeUndefined()
    table.take(opaque)
    expect(table.take(opaque)).toBeUndefined()
  })

  it('takes an entry out before it tells that its time is up', async () => {
    const { clock, table, expired, add } = setUp()
    const entry = add(100)
    await clock.advance(116)
    expect(expired).toEqual([entry])
    expect(table.take(entry.opaque)).toBeUndefined()
    expect(table.size).toBe(0)
  })

  it('does not expire what was taken', async () => {
    const { clock, table, expired, add } = setUp()
    table.take(add(100).opaque)
    await clock.advance(1000)
    expect(expired).toEqual([])
  })

  it('does not tell of one that was taken by the one that expired just before it', async () => {
    const clock = new ManualClock()
    const expired: unknown[] = []
    const [first, second] = [new RecordedRequest(), new RecordedRequest()]
    const table: PendingTable = new PendingTable(clock, entry => {
      expired.push(entry)
      table.take(first.opaque)
      table.take(second.opaque)
    })
    table.add(first, 100)
    table.add(second, 100)
    await clock.advance(1000)
    expect(expired).toHaveLength(1)
    expect(table.size).toBe(0)
  })

  it('gives all entries back in the order of sending, with no timer left', async () => {
    const { clock, table, expired, add } = setUp()
    const entries = [add(300), add(100), add(200)]
    expect(table.takeAll()).toEqual(entries)
    expect(table.size).toBe(0)
    const timers = jest.spyOn(clock, 'after')
    await clock.advance(1000)
    expect([expired, timers.mock.calls]).toEqual([[], []])
  })
})
