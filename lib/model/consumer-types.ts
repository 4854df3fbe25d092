/** Clustering shares the queues of a topic among a group's members; broadcasting gives every member all of them. */
export type MessageModel = 'CLUSTERING' | 'BROADCASTING'

/** Where a group starts on a queue that has no committed offset. */
export type ConsumeFromWhere = 'CONSUME_FROM_LAST_OFFSET' | 'CONSUME_FROM_FIRST_OFFSET' | 'CONSUME_FROM_TIMESTAMP'

/** How a consumer gets its messages, as brokers list it: passively is push, actively is pull. */
export type ConsumeType = 'CONSUME_PASSIVELY' | 'CONSUME_ACTIVELY'

/** How an expression says which messages are wanted: by tags, or by a condition over properties that brokers evaluate. */
export type ExpressionType = 'TAG' | 'SQL92'

/** What a group wants of one topic, as it travels in heartbeats (Java `SubscriptionData`). */
export interface SubscriptionData {
  /** The topic. */
  readonly topic: string
  /** The expression, as brokers get it. */
  readonly subString: string
  /** Tags wanted; empty means all. */
  readonly tagsSet: readonly string[]
  /** Java hash codes of the tags. */
  readonly codeSet: readonly number[]
  /** Version of the subscription, ms; brokers keep the newest. */
  readonly subVersion: number
  /** An `ExpressionType`; of other clients perhaps a type that we do not know. */
  readonly expressionType: string
  /** `subString` names a class of a filter server, which none has today. */
  readonly classFilterMode: boolean
  /** Source of that class, where a client has sent it. */
  readonly filterClassSource?: string
}
