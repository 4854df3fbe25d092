import { DEFAULT_DELAY_LEVELS, delayMsOf, parseDelayLevels, parseDelayTimeLevel } from '../../../lib/model/delay-level'

describe('the table of delay levels', () => {
  const table = parseDelayLevels(DEFAULT_DELAY_LEVELS)

  it('has the 18 levels of RocketMQ', () => {
    expect(table.maxLevel).toBe(18)
    expect([1, 5, 17, 18].map(level => delayMsOf(table, level))).toEqual([1000, 60_000, 3_600_000, 7_200_000])
  })

  it('treats levels above the highest as the highest, and those below 1 as no delay', () => {
    expect([delayMsOf(table, 19), delayMsOf(table, 0), delayMsOf(table, -1)]).toEqual([7_200_000, 0, 0])
  })

  it('reads days', () => {
    expect(parseDelayLevels('2d').delaysMs).toEqual([172_800_000])
  })

  it.each(['', '1s  2s', '5', '5x', '1.5s', 's', '99999999999999999d'])('refuses %j and says how to write it', text => {
    expect(() => parseDelayLevels(text)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('s, m, h or d') }),
    )
  })
})

describe('parseDelayTimeLevel', () => {
  it('reads the property, and no property as no delay', () => {
    expect([parseDelayTimeLevel('3'), parseDelayTimeLevel('-1'), parseDelayTimeLevel(undefined)]).toEqual([3, -1, 0])
  })

  it.each(['', 'abc', '3.5', '2147483648'])('refuses %j', property => {
    expect(() => parseDelayTimeLevel(property)).toThrow(expect.objectContaining({ code: 'INVALID_MESSAGE' }))
  })
})
