import { mapBounded } from '../../../lib/runtime/map-bounded'
import { deferred } from '../../support/fake-client'

describe('bounded work on a list', () => {
  it('gives the results in the order of the items, however they end', async () => {
    const waits = [deferred<string>(), deferred<string>(), deferred<string>()]
    const results = mapBounded([0, 1, 2], 3, i => (waits[i] as (typeof waits)[number]).promise)
    for (const [i, name] of [
      [2, 'c'],
      [0, 'a'],
      [1, 'b'],
    ] as const)
      waits[i]?.resolve(name)
    expect(await results).toEqual(['a', 'b', 'c'])
  })

  it('never runs more at a time than it may', async () => {
    let running = 0
    let most = 0
    await mapBounded(Array.from({ length: 20 }), 3, async () => {
      most = Math.max(most, ++running)
      await Promise.resolve()
      running--
    })
    expect([most, running]).toEqual([3, 0])
  })

  it('begins nothing more after a failure', async () => {
    const begun: number[] = []
    const other = deferred()
    const work = mapBounded([0, 1, 2, 3], 2, i => {
      begun.push(i)
      return i === 0 ? Promise.reject(new Error('no')) : other.promise
    })
    await expect(work).rejects.toThrow('no')
    other.resolve()
    await other.promise
    expect(begun).toEqual([0, 1])
  })

  it('does nothing for no items', async () => {
    expect(await mapBounded([], 3, () => Promise.reject(new Error('no')))).toEqual([])
  })
})
