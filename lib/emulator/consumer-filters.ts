import { RocketMQError } from '../errors'
import type { SubscriptionData } from '../model/consumer-types'
import { isTagType } from '../model/subscription'
import type { Generation } from './generation'
import type { Sql92Condition } from './sql92/expression'
import { parseSql92 } from './sql92/parser'

/** The condition of a group on a topic, as its heartbeats have told it. */
export interface ConsumerFilter {
  readonly expression: string
  readonly type: string
  readonly condition: Sql92Condition
  /** Version of the newest subscription with this expression. */
  version: number
}

/** Conditions over properties by group and topic (Java `ConsumerFilterManager`); they outlive the group's members. */
export class ConsumerFilters {
  readonly #generation: Generation
  readonly #byGroup = new Map<string, Map<string, ConsumerFilter>>()

  constructor(generation: Generation) {
    this.#generation = generation
  }

  get(group: string, topic: string): ConsumerFilter | undefined {
    return this.#byGroup.get(group)?.get(topic)
  }

  /** Takes over what is newer; an expression that cannot be read takes the one before away. */
  register(group: string, subscriptions: readonly SubscriptionData[]): void {
    for (const subscription of subscriptions)
      if (!isTagType(subscription.expressionType) && subscription.subString !== '') this.#register(group, subscription)
  }

  /** The condition of an expression. @throws RocketMQError INVALID_EXPRESSION where it, or its type, is not understood */
  compile(type: string, expression: string): Sql92Condition {
    if (type !== 'SQL92') throw new RocketMQError('INVALID_EXPRESSION', `there is no filter of type ${type}`)
    return parseSql92(expression, this.#generation.filters)
  }

  /** The same, or undefined. */
  tryCompile(type: string, expression: string): Sql92Condition | undefined {
    try {
      return this.compile(type, expression)
    } catch (error) {
      if (RocketMQError.is(error)) return undefined
      throw error
    }
  }

  #register(group: string, { topic, subString, expressionType: type, subVersion: version }: SubscriptionData): void {
    const filters = this.#byGroup.get(group) ?? new Map<string, ConsumerFilter>()
    const known = filters.get(topic)
    if (known !== undefined && version <= known.version) return
    if (known?.expression === subString && known.type === type) {
      known.version = version
      return
    }
    const condition = this.tryCompile(type, subString)
    if (condition === undefined) filters.delete(topic)
    else filters.set(topic, { expression: subString, type, condition, version })
    this.#byGroup.set(group, filters)
  }
}
