import {
  immunitySecondsOf,
  resolveTransactionOptions,
} from '../../../../lib/producer/transaction/transaction-producer-options'

const transactionListener = {
  executeLocalTransaction: () => 'UNKNOW' as const,
  checkLocalTransaction: () => 'UNKNOW' as const,
}
const OPTIONS = { producerGroup: 'g', transactionListener }

describe('the options of a producer of transactions', () => {
  it('have defaults', () => {
    const bounds = { concurrency: 16, maxWaiting: 2000 }
    const defaults = { listener: transactionListener, confirm: false, interceptors: [], ...bounds }
    expect(resolveTransactionOptions(OPTIONS)).toEqual(defaults)
    const set = { ...OPTIONS, confirmEnd: true, checkConcurrency: 1, checkRequestHoldMax: 0 }
    expect(resolveTransactionOptions(set)).toMatchObject({ confirm: true, concurrency: 1, maxWaiting: 0 })
  })

  it.each([undefined, {}, { executeLocalTransaction: () => 'UNKNOW' }])('need a whole listener, not %p', listener => {
    const wrong = { ...OPTIONS, transactionListener: listener } as never
    expect(() => resolveTransactionOptions(wrong)).toThrow(/checkLocalTransaction/)
  })

  it.each([{ checkConcurrency: 0 }, { checkConcurrency: 1.5 }, { checkRequestHoldMax: -1 }])(
    'are refused: %j',
    option => {
      expect(() => resolveTransactionOptions({ ...OPTIONS, ...option })).toThrow(Object.keys(option)[0])
    },
  )

  it('of a send may tell an immunity time in whole seconds', () => {
    expect(immunitySecondsOf({})).toBeUndefined()
    expect(immunitySecondsOf({ checkImmunityTimeInSeconds: 0 })).toBe(0)
    expect(() => immunitySecondsOf({ checkImmunityTimeInSeconds: 0.5 })).toThrow('checkImmunityTimeInSeconds')
    expect(() => immunitySecondsOf({ checkImmunityTimeInSeconds: -1 })).toThrow('checkImmunityTimeInSeconds')
  })
})
