import { refusal } from './refusal'

type Attributes = ReadonlyMap<string, string>

interface Attribute {
  /** Why a value is refused, or undefined where it is not. */
  readonly problem: (value: string) => string | undefined
  readonly isChangeable: boolean
}

const MESSAGE_TYPES = ['UNSPECIFIED', 'MIXED', 'TRANSACTION', 'PRIORITY', 'FIFO', 'DELAY', 'LITE', 'NORMAL']
const MAX_LITE_EXPIRATION_MINUTES = 30 * 24 * 60

/** Attributes of topics; the emulator has queues of the simple kind that are deleted from the old end only. */
const ATTRIBUTES: ReadonlyMap<string, Attribute> = new Map([
  ['queue.type', { isChangeable: false, problem: oneOf(['SimpleCQ']) }],
  ['cleanup.policy', { isChangeable: false, problem: oneOf(['DELETE']) }],
  ['message.type', { isChangeable: true, problem: oneOf(MESSAGE_TYPES) }],
  ['reserve.time', { isChangeable: true, problem: () => 'Update topic reserveTime not supported' }],
  ['lite.topic.expiration', { isChangeable: true, problem: inRange(-1, MAX_LITE_EXPIRATION_MINUTES) }],
])

/**
 * Attributes after a change such as `+message.type=DELAY,-lite.topic.expiration`.
 * @param current undefined where the topic is new
 * @throws BrokerError where an attribute or its value is not known, or the change is not written so
 */
export function changedAttributes(current: Attributes | undefined, change: string | undefined): Attributes {
  const attributes = new Map(current)
  for (const part of (change ?? '').split(',')) {
    if (part !== '') applyPart(attributes, part, current === undefined)
  }
  return attributes
}

function applyPart(attributes: Map<string, string>, part: string, isNew: boolean): void {
  const equals = part.indexOf('=')
  const key = equals < 0 ? part : part.slice(0, equals)
  const name = key.slice(1)
  if (equals < 0) deleteAttribute(attributes, { key, name, isNew })
  else setAttribute(attributes, { key, name, isNew, value: part.slice(equals + 1) })
}

function deleteAttribute(
  attributes: Map<string, string>,
  { key, name, isNew }: { key: string; name: string; isNew: boolean },
): void {
  if (!key.startsWith('-')) throw wrong(`delete attribute format is wrong: ${key}`)
  if (isNew) throw wrong(`only add attribute is supported while creating topic. key: ${name}`)
  if (!attributes.has(name)) throw wrong(`attempt to delete a nonexistent key: ${name}`)
  checkChangeable(name)
  attributes.delete(name)
}

function setAttribute(
  attributes: Map<string, string>,
  { key, name, isNew, value }: { key: string; name: string; isNew: boolean; value: string },
): void {
  if (!key.startsWith('+')) throw wrong(`add/alter attribute format is wrong: ${key}`)
  if (name === 'message.type' && value === 'MIXED')
    throw refusal('INVALID_PARAMETER', 'MIXED message type is not supported.')
  if (isNew) known(name)
  else checkChangeable(name)
  const problem = known(name).problem(value)
  if (problem !== undefined) throw wrong(problem)
  attributes.set(name, value)
}

function known(name: string): Attribute {
  const attribute = ATTRIBUTES.get(name)
  if (attribute === undefined) throw wrong(`unsupported key: ${name}`)
  return attribute
}

function checkChangeable(name: string): void {
  if (!known(name).isChangeable) throw wrong(`attempt to update an unchangeable attribute. key: ${name}`)
}

function oneOf(values: readonly string[]): Attribute['problem'] {
  return value => (values.includes(value) ? undefined : `value is not in set: [${values.join(', ')}]`)
}

function inRange(min: number, max: number): Attribute['problem'] {
  return value => {
    const number = Number(value)
    return Number.isInteger(number) && number >= min && number <= max
      ? undefined
      : `value is not in range(${min}, ${max})`
  }
}

function wrong(remark: string): Error {
  return refusal('SYSTEM_ERROR', remark)
}
