import { type LagThresholds, checkedLagThresholds } from '../../../../lib/consumer/lag/lag-thresholds'

describe('thresholds of lag', () => {
  it('are off unless one is set', () => {
    expect(checkedLagThresholds(undefined)).toBeUndefined()
    expect(checkedLagThresholds({})).toBeUndefined()
    expect(checkedLagThresholds({ perQueue: {}, checkIntervalMs: 5 })).toBeUndefined()
  })

  it('are looked at every 30 s unless told otherwise', () => {
    const given = { total: { messages: 1000 }, perQueue: { ageMs: 60_000 } }
    expect(checkedLagThresholds(given)).toEqual({ ...given, checkIntervalMs: 30_000 })
    expect(checkedLagThresholds({ ...given, checkIntervalMs: 7 })).toEqual({ ...given, checkIntervalMs: 7 })
  })

  it.each<[unknown, string]>([
    [{ total: { messages: 0 } }, 'lagThresholds.total.messages'],
    [{ total: { ageMs: 1.5 } }, 'lagThresholds.total.ageMs'],
    [{ perQueue: { messages: -1 } }, 'lagThresholds.perQueue.messages'],
    [{ perQueue: { ageMs: '5' } }, 'lagThresholds.perQueue.ageMs'],
    [{ perQueue: 3 }, 'lagThresholds.perQueue must be an object'],
    [{ total: { messages: 1 }, checkIntervalMs: 0 }, 'lagThresholds.checkIntervalMs'],
    [1000, 'lagThresholds must be an object'],
    [{ totals: {} }, 'there is no totals'],
  ])('are refused where they are wrong: %j', (given, says) => {
    const refused = expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(says) })
    expect(() => checkedLagThresholds(given as LagThresholds)).toThrow(refused)
  })
})
