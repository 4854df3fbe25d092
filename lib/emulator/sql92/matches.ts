import { RocketMQError } from '../../errors'
import { type PropertyOf, evaluateSql92 } from './evaluate'
import type { Sql92Condition } from './expression'

/** A broker's decision: only what is true matches; what is unknown or cannot be evaluated does not. */
export function matchesSql92(condition: Sql92Condition, propertyOf: PropertyOf): boolean {
  try {
    return evaluateSql92(condition, propertyOf) === true
  } catch (error) {
    if (RocketMQError.is(error)) return false
    throw error
  }
}
