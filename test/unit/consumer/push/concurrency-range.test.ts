import { checkedConcurrency } from '../../../../lib/consumer/push/concurrency-range'

describe('the number of calls at a time', () => {
  it('is 20 unless told otherwise, and moves where a range is given', () => {
    expect(checkedConcurrency()).toEqual({ min: 20, max: 20 })
    expect(checkedConcurrency(5)).toEqual({ min: 5, max: 5 })
    expect(checkedConcurrency({ min: 2, max: 30 })).toEqual({ min: 2, max: 30 })
  })

  it.each([0, 1001, NaN, '20', null, { min: 0, max: 5 }, { min: 1, max: 1001 }, { min: 6, max: 5 }, { min: 1 }, []])(
    'is refused where it is wrong: %j',
    given => {
      const refused = expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining('concurrency'),
      })
      expect(() => checkedConcurrency(given as never)).toThrow(refused)
    },
  )
})
