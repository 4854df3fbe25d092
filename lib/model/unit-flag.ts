const UNIT = 0x1
const UNIT_SUB = 0x2

/** The topicSysFlag of a topic in a unitised deployment (Java `TopicSysFlag`). */
export function buildTopicSysFlag({ unit, hasUnitSub }: { unit: boolean; hasUnitSub: boolean }): number {
  return (unit ? UNIT : 0) | (hasUnitSub ? UNIT_SUB : 0)
}

/** The groupSysFlag of a consumer group in a unitised deployment (Java `SubscriptionSysFlag`). */
export function buildSubscriptionSysFlag(unit: boolean): number {
  return unit ? UNIT : 0
}
