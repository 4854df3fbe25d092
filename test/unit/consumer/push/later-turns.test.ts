import { LaterTurns } from '../../../../lib/consumer/push/later-turns'

const turnOfLoop = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

describe('later turns', () => {
  it('are one for each who waits, in the order of asking, those who ask again last', async () => {
    const turns = new LaterTurns()
    const went: string[] = []
    const go = async (name: string, times: number): Promise<void> => {
      for (let i = 0; i < times; i++) {
        await turns.next()
        went.push(name)
      }
    }
    const all = Promise.all([go('a', 2), go('b', 3), go('c', 1)])
    const seen: number[] = []
    for (let i = 0; i < 6; i++) {
      await turnOfLoop()
      seen.push(went.length)
    }
    await all
    expect(went).toEqual(['a', 'b', 'c', 'a', 'b', 'b'])
    // Never two in one turn.
    expect(seen.every((count, i) => count - (seen[i - 1] ?? 0) <= 1)).toBe(true)
  })

  it('begin anew when nobody waits any more', async () => {
    const turns = new LaterTurns()
    await turns.next()
    await turnOfLoop()
    await expect(turns.next()).resolves.toBeUndefined()
  })
})
