import { PullAndPop } from '../../../../lib/consumer/pop/pull-and-pop'

describe('the services of a consumer that pulls and pops', () => {
  it('are one', async () => {
    const calls: string[] = []
    const service = (name: string) => ({
      running: 2,
      submit: () => void calls.push(`${name} submit`),
      updateConcurrency: (concurrency: number) => void calls.push(`${name} ${concurrency}`),
      drain: async () => void calls.push(`${name} drain`),
    })
    const both = new PullAndPop(service('pull'), service('pop'))
    expect(both.running).toBe(4)
    both.submit({} as never)
    both.updateConcurrency(7)
    await both.drain()
    expect(calls).toEqual(['pull submit', 'pull 7', 'pop 7', 'pull drain', 'pop drain'])
  })
})
