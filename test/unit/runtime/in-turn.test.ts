import { InTurn } from '../../../lib/runtime/in-turn'

describe('InTurn', () => {
  it('begins each work when the one before has ended, and tells the outcome of each', async () => {
    const turns = new InTurn()
    const steps: string[] = []
    const ends: (() => void)[] = []
    const work = (name: string, fails = false) =>
      turns.run(async () => {
        steps.push(`${name} begins`)
        await new Promise<void>(resolve => ends.push(resolve))
        steps.push(`${name} ends`)
        if (fails) throw new Error(name)
        return name
      })
    const failed = expect(work('first', true)).rejects.toThrow('first')
    const second = work('second')
    await Promise.resolve()
    expect(steps).toEqual(['first begins'])
    ends[0]?.()
    await failed
    expect(steps).toEqual(['first begins', 'first ends', 'second begins'])
    ends[1]?.()
    expect(await second).toBe('second')
  })
})
