import type { EmulatedVersion } from '../../../lib/emulator/index'

/** A value of an answer that cannot be told beforehand. */
export class Matcher {
  /** What it accepts, for messages. */
  readonly says: string
  readonly accepts: (actual: unknown) => boolean

  constructor(says: string, accepts: (actual: unknown) => boolean) {
    this.says = says
    this.accepts = accepts
  }
}

/** A value that differs between the generations. */
export class ByVersion<T = unknown> {
  readonly values: Readonly<Record<EmulatedVersion, T>>

  constructor(values: Readonly<Record<EmulatedVersion, T>>) {
    this.values = values
  }
}

/** A list whose order nothing promises; `isWhole` is false where others may be in it. */
export class AnyOrder {
  readonly members: readonly unknown[]
  readonly isWhole: boolean

  constructor(members: readonly unknown[], isWhole: boolean) {
    this.members = members
    this.isWhole = isWhole
  }
}

/** An object of which others than these fields are no concern of the row. */
export class Among {
  readonly fields: Readonly<Record<string, unknown>>

  constructor(fields: Readonly<Record<string, unknown>>) {
    this.fields = fields
  }
}

/** A field that a generation does not send. */
export const ABSENT = Symbol('absent')

/** A value, or with `ABSENT` a field, that differs between the generations. */
export const byVersion = <T>(values: Readonly<Record<EmulatedVersion, T>>): ByVersion<T> => new ByVersion(values)
/** A field of 5.x alone. */
export const since5 = (value: unknown): ByVersion => byVersion({ '4.9': ABSENT, '5': value })
/** A field of 4.9 alone. */
export const onlyIn4 = (value: unknown): ByVersion => byVersion({ '4.9': value, '5': ABSENT })
/** A list of these members in whatever order. */
export const anyOrder = (...members: readonly unknown[]): AnyOrder => new AnyOrder(members, true)
/** A list that has these members, and perhaps others. */
export const including = (...members: readonly unknown[]): AnyOrder => new AnyOrder(members, false)
/** An object with these fields, and perhaps others. */
export const among = (fields: Readonly<Record<string, unknown>>): Among => new Among(fields)

/** Text that the expression matches as a whole. */
export function like(expression: RegExp): Matcher {
  const whole = new RegExp(`^(?:${expression.source})$`, `${expression.flags}s`)
  return new Matcher(`text like ${expression}`, actual => typeof actual === 'string' && whole.test(actual))
}

/** A 64-bit offset as header fields hold it. */
export const anyOffset = like(/\d+/)
/** An IPv4 address with a port, such as servers see their clients by. */
export const anyAddress = like(/\d+(\.\d+){3}:\d+/)
/** What a time in milliseconds looks like in a header field. */
export const anyTime = like(/1[6-9]\d{11}|[2-9]\d{12}/)
/** The same in a body. */
export const anyTimeNumber = new Matcher('a time in ms', actual => typeof actual === 'number' && actual > 1.6e12)
export const anyNumber = new Matcher('a number', actual => typeof actual === 'number')

/** One of the numbers below `end`, as header fields hold them. */
export function below(end: number): Matcher {
  return new Matcher(
    `a number below ${end}`,
    actual => typeof actual === 'string' && Number(actual) >= 0 && Number(actual) < end,
  )
}

/** The expectation for one generation: what differs between them is chosen, and what that one does not send left out. */
export function forVersion(expected: unknown, version: EmulatedVersion): unknown {
  if (expected instanceof ByVersion) return forVersion(expected.values[version], version)
  if (expected instanceof AnyOrder)
    return new AnyOrder(forVersion(expected.members, version) as unknown[], expected.isWhole)
  if (expected instanceof Among) return new Among(forVersion(expected.fields, version) as Record<string, unknown>)
  if (Array.isArray(expected)) return expected.map(each => forVersion(each, version)).filter(each => each !== ABSENT)
  if (typeof expected !== 'object' || expected === null || expected instanceof Matcher) return expected
  const fields = Object.entries(expected).map(([name, value]) => [name, forVersion(value, version)] as const)
  return Object.fromEntries(fields.filter(([, value]) => value !== ABSENT))
}
