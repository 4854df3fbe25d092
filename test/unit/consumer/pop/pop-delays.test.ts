import { popDelayMs } from '../../../../lib/consumer/pop/pop-delays'

describe('the wait before the next try', () => {
  it('grows with the number of tries, up to two hours', () => {
    expect([0, 1, 2, 14, 15, 16, 99].map(times => popDelayMs(times, 0))).toEqual(
      [10, 30, 60, 3600, 7200, 7200, 7200].map(seconds => seconds * 1000),
    )
  })

  it('is that of the level where one is given', () => {
    expect([1, 15, 18].map(level => popDelayMs(0, level))).toEqual([30_000, 7_200_000, 7_200_000])
  })
})
