import Long from 'long'
import type { JsonMap, JsonObject, JsonValue } from '../../lib/wire/json-value'

/**
 * The vectors show a Java object as plain data: 64-bit integers as text, a map with object keys as a list of key and value,
 * bit sets as positions, fields by their Java names. What the data alone does not tell is here, by field name.
 */
const LONG_FIELDS = new Set(
  `beginTimestamp bornTime bornTimestamp brokerId brokerOffset cachedMsgMaxOffset cachedMsgMinOffset commitLogOffset commitOffset
  consumeFailedMsgs consumeTimeStamp consumerOffset counter delayTime diff earliestUnconsumedTimestamp endOffset endTimestamp
  epoch invisibleTime lastAccessTime lastConsumeTime lastConsumeTimestamp lastLockTimestamp lastPopTimestamp lastPullTimestamp
  lastTimestamp lastUpdateTimestamp logicOffset masterBrokerId masterFlushOffset max maxOffset minBrokerId minOffset offset
  physicOffset popTime preparedTransactionOffset pullOffset queueOffset restNum rollbackOffset spentTimeMills startOffset
  stateVersion storeTimestamp subVersion sum timeOfEnd timeOfStart timestamp totalDiff transactionMsgMaxOffset
  transactionMsgMinOffset tryUnlockTimes whichBrokerWhenConsumeSlowly`.split(/\s+/),
)
/** Maps whose values are 64-bit integers, however deep. */
const LONG_MAPS = new Set(['offsetTable', 'messageQueueTable', 'consumerTable', 'correctionOffsets'])
/** Maps whose keys are integers, which Java writes without quotes. */
const INTEGER_KEY_MAPS = new Set(['brokerAddrs', 'correctionOffsets', 'currIdMap', 'hostedQueues', 'idToBroker'])
/** Java's short names in a batch of acknowledgements. */
const BATCH_ACK: Readonly<Record<string, string>> = {
  consumerGroup: 'c',
  topic: 't',
  retry: 'r',
  startOffset: 'so',
  queueId: 'q',
  reviveQueueId: 'rq',
  popTime: 'pt',
  invisibleTime: 'it',
  bitSet: 'b',
}
/** What Java writes because of a getter without a field; its readers ignore it. */
const DERIVED_FIELDS = new Set(['withoutSub'])
const ENUMS: Readonly<Record<string, readonly string[]>> = {
  consumeType: ['CONSUME_ACTIVELY', 'CONSUME_PASSIVELY'],
  messageModel: ['BROADCASTING', 'CLUSTERING'],
  consumeFromWhere: [
    'CONSUME_FROM_LAST_OFFSET',
    'CONSUME_FROM_LAST_OFFSET_AND_FROM_MIN_WHEN_BOOT_FIRST',
    'CONSUME_FROM_MIN_OFFSET',
    'CONSUME_FROM_MAX_OFFSET',
    'CONSUME_FROM_FIRST_OFFSET',
    'CONSUME_FROM_TIMESTAMP',
  ],
}

interface KeyAndValue {
  readonly key: unknown
  readonly value: unknown
}

/** The value as `writeFastjson` takes it, to be what Java would write. */
export function fromJavaValue(value: unknown, field = '', inLongMap = false): unknown {
  const longs = inLongMap || LONG_MAPS.has(field)
  if (typeof value === 'string')
    return (inLongMap || LONG_FIELDS.has(field)) && isDecimal(value) ? Long.fromString(value) : value
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    if (field === 'bitSet') return bitSetText(value as number[])
    const list: readonly unknown[] = value
    if (!isKeyed(list)) return list.map(member => fromJavaValue(member, field, inLongMap))
    return new Map(list.map(({ key, value: member }) => [fromJavaValue(key), fromJavaValue(member, '', longs)]))
  }
  const names = Object.hasOwn(value, 'bitSet') ? BATCH_ACK : {}
  const entries = Object.entries(value).map(
    ([name, member]) => [names[name] ?? name, fromJavaValue(member, name, longs && !LONG_FIELDS.has(name))] as const,
  )
  return INTEGER_KEY_MAPS.has(field)
    ? new Map(entries.map(([name, member]) => [Number(name), member]))
    : Object.fromEntries(entries)
}

/** What was read, with Java's integer keys as numbers again, so that it can be written as Java wrote it. */
export function withIntegerKeys(value: JsonValue, field = ''): unknown {
  if (Array.isArray(value)) return value.map(member => withIntegerKeys(member, field))
  if (value instanceof Map) return new Map(Array.from(value, ([key, member]) => [key, withIntegerKeys(member)]))
  if (typeof value !== 'object' || value === null || Long.isLong(value)) return value
  const entries = Object.entries(value).map(([name, member]) => [name, withIntegerKeys(member, name)] as const)
  return INTEGER_KEY_MAPS.has(field)
    ? new Map(entries.map(([name, member]) => [Number(name), member]))
    : Object.fromEntries(entries)
}

/** Plain data that is equal for texts that say the same: members sorted, numbers as text, nulls left out. */
export function canonical(value: JsonValue): unknown {
  if (Array.isArray(value)) return value.map(canonical).sort(byText)
  if (value instanceof Map)
    return Array.from(value, ([key, member]) => [canonical(key), canonical(member)]).sort(byText)
  if (typeof value === 'number' || Long.isLong(value)) return `number ${value.toString()}`
  if (typeof value !== 'object' || value === null) return value
  const present = Object.entries(value).filter(([name, member]) => member !== null && !DERIVED_FIELDS.has(name))
  return Object.fromEntries(present.map(([name, member]) => [name, canonical(member)] as const).sort(byText))
}

/**
 * Where what was read does not say the same as Java's value, undefined where it does. Fields that the text leaves out are not
 * compared unless `complete`: what Java's classes put there is not the reader's business.
 */
export function disagreement(
  read: JsonValue | undefined,
  java: unknown,
  { complete, path = 'value' }: { complete: boolean; path?: string },
): string | undefined {
  if (read === undefined) return java === null || !complete ? undefined : `${path} is missing`
  // Java's primitive fields keep their zero where the text says null.
  if (read === null)
    return java === null || java === 0 || java === '0' || java === false ? undefined : `${path} is null`
  if (Array.isArray(java)) return listDisagreement(read, java, { complete, path })
  if (typeof java === 'object' && java !== null)
    return objectDisagreement(read, java as Record<string, unknown>, { complete, path })
  if (scalarsAgree(read, java, path.split('.').at(-1) ?? '')) return undefined
  return `${path} is ${JSON.stringify(read)} instead of ${JSON.stringify(java)}`
}

function listDisagreement(
  read: JsonValue,
  java: readonly unknown[],
  { complete, path }: { complete: boolean; path: string },
): string | undefined {
  if (path.endsWith('.bitSet')) return read === bitSetText(java as number[]) ? undefined : `${path} is ${String(read)}`
  const members = read instanceof Map ? pairs(read) : Array.isArray(read) ? read : undefined
  if (members === undefined) return `${path} is no list`
  const agrees = (each: JsonValue, member: unknown): boolean =>
    disagreement(each, member, { complete, path: `${path}[]` }) === undefined
  // A set has no order, and equal members once.
  if (complete && members.length !== java.length)
    return `${path} has ${members.length} members instead of ${java.length}`
  if (!members.every(each => java.some(member => agrees(each, member)))) return `${path} has a member that Java has not`
  if (!java.every(member => members.some(each => agrees(each, member)))) return `${path} lacks a member`
  return undefined
}

function objectDisagreement(
  read: JsonValue,
  java: Record<string, unknown>,
  { complete, path }: { complete: boolean; path: string },
): string | undefined {
  if (typeof read !== 'object' || Array.isArray(read) || read instanceof Map) return `${path} is no object`
  const names = Object.hasOwn(java, 'bitSet') ? BATCH_ACK : {}
  const fields = read as JsonObject
  const unknown = Object.keys(fields).find(
    name => !DERIVED_FIELDS.has(name) && !Object.keys(java).some(each => (names[each] ?? each) === name),
  )
  if (complete && unknown !== undefined) return `${path}.${unknown} is not in Java's value`
  for (const [name, member] of Object.entries(java)) {
    const found = disagreement(fields[names[name] ?? name], member, { complete, path: `${path}.${name}` })
    if (found !== undefined) return found
  }
  return undefined
}

function scalarsAgree(read: JsonValue, java: unknown, field: string): boolean {
  if (read === java) return true
  if (typeof java === 'number') return typeof read === 'string' && Number(read) === java
  if (typeof java === 'string')
    return isInteger(read) && (read.toString() === java || ENUMS[field]?.[Number(read)] === java)
  // A name that is no constant of Java's enumeration is null to it.
  return java === null && typeof read === 'string' && /^[A-Z_]+$/.test(read)
}

function isInteger(value: JsonValue): value is number | Long {
  return typeof value === 'number' || Long.isLong(value)
}

function pairs(map: JsonMap): JsonValue[] {
  return Array.from(map, ([key, value]) => ({ key, value }))
}

function isKeyed(list: readonly unknown[]): list is readonly KeyAndValue[] {
  return (
    list.length > 0 &&
    list.every(each => typeof each === 'object' && each !== null && Object.keys(each).join() === 'key,value')
  )
}

/** Base64 of the bits, the lowest first. */
function bitSetText(positions: readonly number[]): string {
  const bytes = Buffer.alloc(Math.floor(Math.max(-1, ...positions) / 8) + 1)
  for (const position of positions) bytes[position >>> 3] = (bytes[position >>> 3] as number) | (1 << (position & 7))
  return bytes.toString('base64')
}

function isDecimal(text: string): boolean {
  return /^-?\d+$/.test(text)
}

function byText(a: unknown, b: unknown): number {
  const [left, right] = [JSON.stringify(a), JSON.stringify(b)]
  return left < right ? -1 : left > right ? 1 : 0
}
