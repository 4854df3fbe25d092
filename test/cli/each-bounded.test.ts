import { eachBounded } from '../../lib/cli/each-bounded'

async function* numbers(count: number, taken: number[] = []): AsyncGenerator<number> {
  for (let i = 0; i < count; i++) {
    taken.push(i)
    yield i
  }
}

const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

describe('bounded work', () => {
  it('runs up to its limit at a time, and all of it', async () => {
    let running = 0
    let most = 0
    const done: number[] = []
    await eachBounded(numbers(20), 4, async item => {
      most = Math.max(most, ++running)
      await turn()
      running--
      done.push(item)
    })
    expect(most).toBe(4)
    expect(done.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i))
  })

  it('takes no item for which there is no room', async () => {
    const taken: number[] = []
    const ends: (() => void)[] = []
    const all = eachBounded(numbers(5, taken), 2, () => new Promise(resolve => ends.push(resolve)))
    await turn()
    expect(taken).toEqual([0, 1])
    while (ends.length > 0) {
      ends.shift()?.()
      await turn()
    }
    await all
    expect(taken).toHaveLength(5)
  })

  it('waits for what runs when the items end with an error', async () => {
    let finished = false
    async function* broken(): AsyncGenerator<number> {
      yield 1
      throw new Error('no more')
    }
    const all = eachBounded(broken(), 4, async () => {
      await turn()
      finished = true
    })
    await expect(all).rejects.toThrow('no more')
    expect(finished).toBe(true)
  })
})
