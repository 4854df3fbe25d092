import fc from '../../../support/property'
import { ConsumeQueue } from '../../../../lib/emulator/store/consume-queue'
import { searchByTime } from '../../../../lib/emulator/store/search-by-time'

function stored(times: readonly number[]): ConsumeQueue {
  const queue = new ConsumeQueue('T', 0)
  times.forEach((storeTime, i) => queue.append(i, { size: 1, tagsCode: 0, storeTime }))
  return queue
}

describe('searchByTime', () => {
  const queue = stored([10, 10, 10, 30, 30])

  it.each([
    [5, 0, 0],
    [10, 0, 2],
    [20, 3, 2],
    [30, 3, 4],
    [40, 5, 4],
  ])('for %i finds %i at or after it and %i at or before it', (time, lower, upper) => {
    expect(searchByTime(queue, time, 'lower')).toBe(lower)
    expect(searchByTime(queue, time, 'upper')).toBe(upper)
  })

  it('as 4.9 finds the nearest, and the last one for times to come', () => {
    const sparse = stored([10, 20, 40])
    expect([0, 14, 15, 16, 29, 31, 99].map(time => searchByTime(sparse, time, 'nearest'))).toEqual([
      0, 0, 0, 1, 1, 2, 2,
    ])
  })

  it('gives the next offset of a queue that has no messages any more', () => {
    const empty = stored([1, 2, 3])
    empty.dropBefore(Infinity)
    for (const boundary of ['lower', 'upper', 'nearest'] as const) expect(searchByTime(empty, 2, boundary)).toBe(3)
  })

  it('never gives an offset that was dropped', () => {
    const young = stored([10, 20, 30])
    young.dropBefore(1)
    for (const boundary of ['lower', 'upper', 'nearest'] as const) expect(searchByTime(young, 0, boundary)).toBe(1)
  })

  it('agrees with looking at every message', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: 1 }), fc.integer({ min: -5, max: 60 }), (unsorted, time) => {
        const times = [...unsorted].sort((a, b) => a - b)
        const first = times.findIndex(each => each >= time)
        expect(searchByTime(stored(times), time, 'lower')).toBe(first < 0 ? times.length : first)
      }),
    )
  })
})
