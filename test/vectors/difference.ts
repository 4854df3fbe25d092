import { inspect } from 'node:util'

/** The first place where two values of plain data differ, or undefined where they are equal. */
export function difference(actual: unknown, expected: unknown, path = 'out'): string | undefined {
  if (Array.isArray(expected)) return arrayDifference(actual, expected, path)
  if (typeof expected === 'object' && expected !== null) return objectDifference(actual, expected, path)
  return actual === expected ? undefined : `${path}: ${shown(actual)} instead of ${shown(expected)}`
}

function arrayDifference(actual: unknown, expected: readonly unknown[], path: string): string | undefined {
  if (!Array.isArray(actual)) return `${path}: ${shown(actual)} is no array`
  const length = Math.max(actual.length, expected.length)
  for (let i = 0; i < length; i++) {
    const found = difference(actual[i], expected[i], `${path}[${i}]`)
    if (found !== undefined) return found
  }
  return undefined
}

function objectDifference(actual: unknown, expected: object, path: string): string | undefined {
  if (typeof actual !== 'object' || actual === null || Array.isArray(actual))
    return `${path}: ${shown(actual)} is no object`
  const found = actual as Record<string, unknown>
  const wanted = expected as Record<string, unknown>
  for (const name of new Set([...Object.keys(wanted), ...Object.keys(found)])) {
    if (!Object.hasOwn(wanted, name)) return `${path}.${name}: not expected, got ${shown(found[name])}`
    if (!Object.hasOwn(found, name)) return `${path}.${name}: missing, expected ${shown(wanted[name])}`
    const inner = difference(found[name], wanted[name], `${path}.${name}`)
    if (inner !== undefined) return inner
  }
  return undefined
}

function shown(value: unknown): string {
  return inspect(value, { depth: 3, breakLength: Infinity, maxStringLength: 200 })
}
