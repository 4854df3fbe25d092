import { checkedMs, checkedRange, checkedTime } from '../../../lib/client/checked-options'

describe('checkedMs', () => {
  it.each([1, 3000, 2 ** 31 - 1])('accepts %p', ms => {
    expect(checkedMs('timeoutMs', ms)).toBe(ms)
  })

  it.each([0, -1, 1.5, NaN, Infinity, 2 ** 31, '3000' as unknown as number])(
    'refuses %p and says what is allowed',
    ms => {
      expect(() => checkedMs('timeoutMs', ms)).toThrow(
        expect.objectContaining({
          code: 'INVALID_ARGUMENT',
          message: `timeoutMs is ${ms}; it must be an integer from 1 to 2147483647`,
        }),
      )
    },
  )
})

describe('checkedRange', () => {
  it('includes both ends', () => {
    expect([checkedRange('n', 1, 1, 3), checkedRange('n', 3, 1, 3)]).toEqual([1, 3])
    expect(() => checkedRange('n', 0, 1, 3)).toThrow('n is 0; it must be an integer from 1 to 3')
    expect(() => checkedRange('n', 4, 1, 3)).toThrow('n is 4')
  })
})

describe('checkedTime', () => {
  it('reads milliseconds and dates', () => {
    expect(checkedTime('begin', 0)).toBe(0)
    expect(checkedTime('begin', new Date(1_700_000_000_000))).toBe(1_700_000_000_000)
  })

  it.each([-1, 1.5, new Date(Number.NaN)])('refuses %p', time => {
    const refused = expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('begin') })
    expect(() => checkedTime('begin', time)).toThrow(refused)
  })
})
