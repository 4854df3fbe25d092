import { WorkSlots } from '../../../lib/runtime/work-slots'

interface Ends {
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

function setup(slots: number) {
  const workSlots = new WorkSlots(slots)
  const begun = new Map<string, Ends>()
  const run = (name: string): Promise<string> =>
    workSlots.run(async () => {
      await new Promise<void>((resolve, reject) => begun.set(name, { resolve, reject }))
      return name
    })
  return { run, begun, names: () => [...begun.keys()] }
}

const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

describe('slots for work', () => {
  it('are as many as it says, and are given in the order of the calls', async () => {
    const { run, begun, names } = setup(2)
    const all = ['a', 'b', 'c', 'd'].map(run)
    await turn()
    expect(names()).toEqual(['a', 'b'])
    begun.get('b')?.resolve()
    await turn()
    expect(names()).toEqual(['a', 'b', 'c'])
    begun.get('a')?.resolve()
    await turn()
    expect(names()).toEqual(['a', 'b', 'c', 'd'])
    for (const { resolve } of begun.values()) resolve()
    expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd'])
  })

  it('are free again after work that failed, and when all was idle', async () => {
    const { run, begun, names } = setup(1)
    const failed = expect(run('a')).rejects.toThrow('of a')
    const next = run('b')
    await turn()
    begun.get('a')?.reject(new Error('of a'))
    await failed
    await turn()
    begun.get('b')?.resolve()
    expect(await next).toBe('b')
    const last = run('c')
    await turn()
    expect(names()).toEqual(['a', 'b', 'c'])
    begun.get('c')?.resolve()
    expect(await last).toBe('c')
  })

  it('of which there is one has each work begin when the one before has ended, and tells the outcome of each', async () => {
    const turns = new WorkSlots(1)
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
