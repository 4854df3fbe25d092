import { inspect } from 'node:util'
import { Among, AnyOrder, Matcher } from './expected'

/** One place in which an answer is not as its row says. */
export interface Difference {
  /** Such as `body.offsetTable[1][1].pullOffset`. */
  readonly path: string
  readonly kind: 'missing' | 'unexpected' | 'other'
  readonly actual: unknown
  readonly expected: unknown
}

/** All places in which an answer differs from an expectation that `forVersion` has made plain; a field that nothing names is one. */
export function differences(actual: unknown, expected: unknown, path = ''): Difference[] {
  if (expected instanceof Matcher) return expected.accepts(actual) ? [] : [other(path, actual, expected)]
  if (expected instanceof AnyOrder) return differencesOfAnyOrder(actual, expected, path)
  if (expected instanceof Among) return differencesOfFields(actual, expected.fields, { path, isWhole: false })
  if (Array.isArray(expected)) return differencesOfList(actual, expected, path)
  if (typeof expected === 'object' && expected !== null)
    return differencesOfFields(actual, expected as Record<string, unknown>, { path, isWhole: true })
  return actual === expected ? [] : [other(path, actual, expected)]
}

/** A difference in words. */
export function describeDifference({ path, kind, actual, expected }: Difference): string {
  switch (kind) {
    case 'missing':
      return `${path} is missing: ${shown(expected)}`
    case 'unexpected':
      return `${path} is in no row: ${shown(actual)}`
    case 'other':
      return `${path} is ${shown(actual)} instead of ${shown(expected)}`
  }
}

function differencesOfFields(
  actual: unknown,
  wanted: Readonly<Record<string, unknown>>,
  { path, isWhole }: { path: string; isWhole: boolean },
): Difference[] {
  if (typeof actual !== 'object' || actual === null || Array.isArray(actual)) return [other(path, actual, wanted)]
  const found = actual as Record<string, unknown>
  const names = new Set([...Object.keys(wanted), ...(isWhole ? Object.keys(found) : [])])
  return [...names].flatMap(name => {
    const at = path === '' ? name : `${path}.${name}`
    const [value, want] = [found[name], wanted[name]]
    if (!Object.hasOwn(found, name)) return [{ path: at, kind: 'missing', actual: undefined, expected: want } as const]
    if (!Object.hasOwn(wanted, name))
      return [{ path: at, kind: 'unexpected', actual: value, expected: undefined } as const]
    return differences(value, want, at)
  })
}

function differencesOfList(actual: unknown, wanted: readonly unknown[], path: string): Difference[] {
  if (!Array.isArray(actual) || actual.length !== wanted.length) return [other(path, actual, wanted)]
  return wanted.flatMap((want, i) => differences(actual[i], want, `${path}[${i}]`))
}

/** Each member finds one of the list that is like it. */
function differencesOfAnyOrder(actual: unknown, { members, isWhole }: AnyOrder, path: string): Difference[] {
  if (!Array.isArray(actual)) return [other(path, actual, members)]
  const left: unknown[] = [...actual]
  const lost = members.filter(member => {
    const at = left.findIndex(each => differences(each, member).length === 0)
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
  return lost.length > 0 || (isWhole && left.length > 0) ? [other(path, left, lost)] : []
}

function other(path: string, actual: unknown, expected: unknown): Difference {
  return { path, kind: 'other', actual, expected }
}

function shown(value: unknown): string {
  if (value instanceof Matcher) return value.says
  return inspect(value, { depth: 6, breakLength: Infinity, maxStringLength: 600 })
}
