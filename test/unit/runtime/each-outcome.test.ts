import { getEventListeners } from 'node:events'
import { eachOutcome } from '../../../lib/runtime/each-outcome'
import { deferred } from '../../support/fake-client'
import fc from '../../support/property'

const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

function source(count: number) {
  const state = { taken: 0, closed: 0 }
  function* items(): Generator<number> {
    try {
      for (; state.taken < count; state.taken++) yield state.taken
    } finally {
      state.closed++
    }
  }
  return { state, items: items() }
}

async function* slowly<T>(items: Iterable<T>): AsyncGenerator<T> {
  for (const item of items) {
    await turn()
    yield item
  }
}

describe('the outcomes of items', () => {
  it('are told of every one, once, with no more under way than the limit', async () => {
    const cases = fc.record({
      count: fc.nat(40),
      limit: fc.integer({ min: 1, max: 9 }),
      isAsync: fc.boolean(),
      failing: fc.integer({ min: 2, max: 5 }),
      slow: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(cases, async ({ count, limit, isAsync, failing, slow }) => {
        let [running, most] = [0, 0]
        const items = source(count).items
        const work = async (item: number): Promise<number> => {
          most = Math.max(most, ++running)
          if (item % 3 === 0) await turn()
          running--
          if (item % failing === 0) throw new Error(`no ${item}`)
          return item * 2
        }
        const seen = new Map<number, unknown>()
        for await (const { index, item, value, error } of eachOutcome(isAsync ? slowly(items) : items, {
          limit,
          work,
        })) {
          expect(index).toBe(item)
          expect(seen.has(item)).toBe(false)
          seen.set(item, error?.message ?? value)
          if (slow) await turn()
        }
        expect(seen.size).toBe(count)
        for (const [item, told] of seen) expect(told).toBe(item % failing === 0 ? `no ${item}` : item * 2)
        expect(most).toBeLessThanOrEqual(limit)
      }),
      { numRuns: 60 },
    )
  })

  it('that nobody reads hold back the source', async () => {
    const { state, items } = source(1e9)
    const outcomes = eachOutcome(items, { limit: 3, work: async item => item })
    expect(state.taken).toBe(0)
    await outcomes.next()
    for (let turns = 0; turns < 20; turns++) await turn()
    expect(state.taken).toBeLessThanOrEqual(4)
    await outcomes.return()
    expect(state.closed).toBe(1)
  })

  it('end early only after what is under way, and let the source go', async () => {
    const { state, items } = source(10)
    const ends = [deferred<void>(), deferred<void>()]
    const outcomes = eachOutcome(items, {
      limit: 2,
      work: async item => (item === 0 ? undefined : ends[item - 1]?.promise),
    })
    await outcomes.next()
    let isOver = false
    const over = outcomes.return().then(() => (isOver = true))
    for (let turns = 0; turns < 5; turns++) await turn()
    expect([isOver, state.closed]).toEqual([false, 0])
    for (const end of ends) end.resolve()
    await over
    expect(state.closed).toBe(1)
  })

  it.each([
    ['at once', false],
    ['later', true],
  ])('come before what the source fails with %s', async (_when, isAsync) => {
    function* broken(): Generator<number> {
      yield 1
      yield 2
      throw new Error('no more')
    }
    const seen: number[] = []
    const reading = (async () => {
      const items = isAsync ? slowly(broken()) : broken()
      for await (const { item } of eachOutcome(items, { limit: 4, work: () => turn() })) seen.push(item)
    })()
    await expect(reading).rejects.toThrow('no more')
    expect(seen).toEqual([1, 2])
  })

  it('come before what the check throws, after which nothing is taken and the source is let go', async () => {
    const { state, items } = source(10)
    const check = (): void => {
      if (state.taken >= 3) throw new Error('closed')
    }
    const seen: number[] = []
    const reading = (async () => {
      for await (const { item } of eachOutcome(items, { limit: 2, work: () => turn(), check })) seen.push(item)
    })()
    await expect(reading).rejects.toThrow('closed')
    expect(seen).toHaveLength(state.taken + 1)
    expect(state.closed).toBe(1)
  })

  it('end with the signal, though the source never answers, and leave nothing at it', async () => {
    const abort = new AbortController()
    async function* silent(): AsyncGenerator<number> {
      yield 1
      await new Promise(() => undefined)
    }
    const { signal } = abort
    const check = (): void => signal.throwIfAborted()
    const outcomes = eachOutcome(silent(), { limit: 2, work: async item => item, check, signal })
    await expect(outcomes.next()).resolves.toMatchObject({ value: { item: 1 } })
    const next = expect(outcomes.next()).rejects.toThrow('enough')
    await turn()
    abort.abort(new Error('enough'))
    await next
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  it('are none where the signal was aborted before', async () => {
    const { state, items } = source(5)
    const outcomes = eachOutcome(items, { limit: 2, work: async item => item, signal: AbortSignal.abort() })
    await expect(outcomes.next()).resolves.toMatchObject({ done: true })
    expect(state.taken).toBe(0)
  })
})
