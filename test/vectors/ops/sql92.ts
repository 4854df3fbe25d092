import { evaluateSql92 } from '../../../lib/emulator/sql92/evaluate'
import type { Sql92Condition } from '../../../lib/emulator/sql92/expression'
import { matchesSql92 } from '../../../lib/emulator/sql92/matches'
import { parseSql92 } from '../../../lib/emulator/sql92/parser'
import { RocketMQError } from '../../../lib/errors'
import { difference } from '../difference'

type Properties = Readonly<Record<string, string>>

/** The class of an exception is information; that there is one is what counts. */
const FAILED = { error: true }

export const ops = {}

export const checks = {
  sql: ({ expression }: Record<string, unknown>, out: Record<string, unknown>, common: unknown): void => {
    const { propertySets } = common as { propertySets: Record<string, Properties> }
    const condition = orFailure(() => parseSql92(String(expression)))
    const actual =
      'error' in condition ? { parse: 'error' } : { parse: 'ok', results: resultsOf(condition, propertySets) }
    const problem = difference(actual, withoutClasses(out))
    if (problem !== undefined) throw new Error(problem)
  },
}

export const fields = { sql: { in: ['expression'], out: ['parse', 'results'] } }

function resultsOf(condition: Sql92Condition, sets: Record<string, Properties>): unknown {
  const resultOf = (properties: Properties): unknown => {
    const propertyOf = (name: string): string | undefined =>
      Object.hasOwn(properties, name) ? properties[name] : undefined
    const value = orFailure(() => evaluateSql92(condition, propertyOf))
    return { value, match: matchesSql92(condition, propertyOf) }
  }
  return Object.fromEntries(Object.entries(sets).map(([name, properties]) => [name, resultOf(properties)]))
}

function orFailure<T>(run: () => T): T | typeof FAILED {
  try {
    return run()
  } catch (error) {
    if (RocketMQError.is(error) && error.code === 'INVALID_EXPRESSION') return FAILED
    throw error
  }
}

function withoutClasses(out: Record<string, unknown>): unknown {
  const replaced: unknown = JSON.parse(JSON.stringify(out), (_key, value: unknown) =>
    typeof value === 'object' && value !== null && 'error' in value ? FAILED : value,
  )
  return replaced
}
