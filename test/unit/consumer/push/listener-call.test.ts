import { callListener } from '../../../../lib/consumer/push/listener-call'

/** Outcomes that a call has told so far. */
function outcomesOf(call: () => unknown): string[] {
  const outcomes: string[] = []
  callListener(
    call,
    result => outcomes.push(`ended ${String(result)}`),
    error => outcomes.push(`failed ${String(error)}`),
  )
  return outcomes
}

const settled = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

describe('a call of a listener', () => {
  it('tells at once what was returned or thrown', () => {
    expect(outcomesOf(() => 'SUCCESS')).toEqual(['ended SUCCESS'])
    const broken = (): never => {
      throw new TypeError('a defect')
    }
    expect(outcomesOf(broken)).toEqual(['failed TypeError: a defect'])
  })

  it('tells what a promise settles with', async () => {
    const [kept, broken] = [outcomesOf(async () => 'SUCCESS'), outcomesOf(() => Promise.reject(new Error('a defect')))]
    expect([kept, broken]).toEqual([[], []])
    await settled()
    expect([kept, broken]).toEqual([['ended SUCCESS'], ['failed Error: a defect']])
  })

  it('tells the first outcome of a promise of another make, which may call back twice or throw', async () => {
    const twice = { then: (resolve: (value: string) => void) => (resolve('one'), resolve('two')) }
    const throwing = {
      then: () => {
        throw new Error('a defect')
      },
    }
    const unreadable = {
      get then(): never {
        throw new Error('a defect of the getter')
      },
    }
    const all = [twice, throwing, unreadable].map(thenable => outcomesOf(() => thenable))
    await settled()
    expect(all).toEqual([['ended one'], ['failed Error: a defect'], ['failed Error: a defect of the getter']])
  })
})
