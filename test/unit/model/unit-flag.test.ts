import { buildSubscriptionSysFlag, buildTopicSysFlag } from '../../../lib/model/unit-flag'

describe('flags of unitised deployments', () => {
  it('marks topics of a unit and topics with subscribers in units', () => {
    expect(buildTopicSysFlag({ unit: false, hasUnitSub: false })).toBe(0)
    expect(buildTopicSysFlag({ unit: true, hasUnitSub: false })).toBe(1)
    expect(buildTopicSysFlag({ unit: false, hasUnitSub: true })).toBe(2)
    expect(buildTopicSysFlag({ unit: true, hasUnitSub: true })).toBe(3)
  })

  it('marks subscriptions of a unit', () => {
    expect([buildSubscriptionSysFlag(true), buildSubscriptionSysFlag(false)]).toEqual([1, 0])
  })
})
