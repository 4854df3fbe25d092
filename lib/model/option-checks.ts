import { RocketMQError } from '../errors'

/** The names of all options of `T`: where the two differ it does not compile. */
export type OptionNames<T> = Readonly<Record<keyof T, true>>

/**
 * Refuses what is no object, and options that do not exist: one that is mistyped would silently do nothing.
 * @param what names them in the message
 * @throws RocketMQError INVALID_ARGUMENT
 */
export function checkOptions<T extends object>(options: T, names: OptionNames<T>, what = 'the options'): void {
  const given: unknown = options
  if (!isRecord(given)) throw invalid(`${what} must be an object of: ${listed(names)}`)
  // Sends come by here: a list of the names would cost more than the check.
  for (const name in given) {
    if (Object.hasOwn(names, name) || given[name] === undefined || !Object.hasOwn(given, name)) continue
    throw invalid(`${what}: there is no ${name.slice(0, 100)}, there are ${listed(names)}`)
  }
}

/** @throws RocketMQError INVALID_ARGUMENT unless the option is left out, true or false */
export function checkedFlag(name: string, value: boolean | undefined, missing: boolean): boolean {
  const given: unknown = value ?? missing
  if (typeof given === 'boolean') return given
  throw invalid(`${name} is ${shown(given)}; it must be true or false`)
}

/** @throws RocketMQError INVALID_ARGUMENT unless the option is left out, or text */
export function checkedText<T extends string | undefined>(name: string, value: T): T {
  const given: unknown = value
  if (given === undefined || typeof given === 'string') return value
  throw invalid(`${name} is ${shown(given)}; it must be text`)
}

/** A part that the user brings: undefined where it is left out. @throws RocketMQError INVALID_ARGUMENT unless it has the methods */
export function checkedPart<T extends object>(
  name: string,
  part: T | undefined,
  methods: readonly (keyof T & string)[],
): T | undefined {
  const given: unknown = part
  if (given === undefined) return undefined
  const has = (method: string): boolean => typeof (given as Record<string, unknown>)[method] === 'function'
  if (typeof given === 'object' && given !== null && methods.every(has)) return part
  throw invalid(`${name} must be an object with the methods ${methods.join(', ')}`)
}

/** The options but for some of them. */
export function without<T extends object, K extends keyof T & string>(options: T, names: readonly K[]): Omit<T, K> {
  const left = Object.entries(options).filter(([name]) => !names.includes(name as K))
  return Object.fromEntries(left) as Omit<T, K>
}

/** True for objects that are no lists. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function listed(names: object): string {
  return Object.keys(names).join(', ')
}

/** Without what is in it: it may be a secret. */
function shown(value: unknown): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object'
  return typeof value === 'string' ? `'${value.slice(0, 100)}'` : String(value)
}

function invalid(says: string): RocketMQError {
  return new RocketMQError('INVALID_ARGUMENT', says)
}
