import { RocketMQError } from '../errors'
import type { Message } from './message'
import { deliverAtMs, joinKeys } from './message-properties'
import { isRetryTopic } from './names'
import { isRecord } from './option-checks'
import { PROPERTY } from './property-names'
import { checkUserProperty, separatorProblem } from './user-properties'
import { checkTopicToSend } from './validators'

/** What brokers and clients accept as a body unless configured otherwise, bytes. */
export const DEFAULT_MAX_MESSAGE_SIZE = 4 * 1024 * 1024

/** Throws INVALID_TOPIC or INVALID_MESSAGE where a message cannot be sent; its size is left to `checkBodySize`. */
export function checkMessage(message: Message | null | undefined): asserts message is Message {
  if (message === null || message === undefined)
    throw invalid('there is no message: give an object with topic and body')
  checkNames(message)
  checkTopicToSend(message.topic)
  checkBodyType(message)
  checkFields(message)
  checkProperties(message)
  for (const name in message.properties) checkUserProperty(name, message.properties[name])
  const queues = message.properties?.[PROPERTY.INNER_MULTI_DISPATCH]
  if (queues?.includes('/') === true) {
    throw invalid(
      `property '${PROPERTY.INNER_MULTI_DISPATCH}' names the light queues ${queues}: take the / out of them`,
      message.topic,
    )
  }
}

/** Throws INVALID_MESSAGE where an encoded body of `bytes` bytes is empty or larger than `maxMessageSize`. */
export function checkBodySize(topic: string, bytes: number, maxMessageSize: number): void {
  if (bytes === 0) throw invalid('the body is empty: a message holds at least one byte', topic)
  if (bytes > maxMessageSize) {
    throw invalid(
      `the body has ${bytes} bytes, more than maxMessageSize ${maxMessageSize}: send less, or raise it here and on the broker`,
      topic,
    )
  }
}

/** Throws INVALID_MESSAGE where messages cannot travel as one batch; each is checked by itself besides. */
export function checkBatch(messages: readonly Message[]): void {
  const [first] = messages
  if (first === undefined) throw invalid('the batch is empty: give at least one message')
  for (const message of messages) {
    const problem = batchProblem(first, message)
    if (problem !== undefined) throw invalid(`the batch cannot be sent, ${problem}`, message.topic)
  }
}

function batchProblem(first: Message, message: Message): string | undefined {
  if (delayCount(message) > 0) return 'one of its messages has a delay: send that one alone'
  if (isRetryTopic(message.topic)) return `${message.topic} is a retry topic: send its messages one by one`
  if (message.topic !== first.topic)
    return `it mixes the topics ${first.topic} and ${message.topic}: make a batch of each`
  if ((message.waitStoreMsgOK ?? true) !== (first.waitStoreMsgOK ?? true))
    return 'waitStoreMsgOK differs: make a batch of each'
  return undefined
}

/** Fields that there are not would silently do nothing, such as `key` for `keys`. */
function checkNames(message: Message): void {
  for (const name in message) {
    const field = name as keyof Message
    // Every send comes by here: jumps by name cost next to nothing, and a set ten times as much.
    switch (field) {
      case 'topic':
      case 'body':
      case 'encoding':
      case 'tags':
      case 'keys':
      case 'properties':
      case 'flag':
      case 'delayTimeLevel':
      case 'delayMs':
      case 'deliverAt':
      case 'shardingKey':
      case 'priority':
      case 'liteTopic':
      case 'buyerId':
      case 'waitStoreMsgOK':
        break
      default:
        checkUnknown(message, field)
    }
  }
}

/** `name` is never a field: a new one that is not told apart above does not compile. */
function checkUnknown(message: Message, name: never): void {
  const value: unknown = message[name]
  if (value === undefined || !Object.hasOwn(message, name)) return
  if ('offsetMsgId' in message)
    throw invalid(
      'it was received: send a new message with its body, tags, keys or what else of it you want',
      message.topic,
    )
  const fields = 'topic, body, encoding, tags, keys, properties, flag, delayTimeLevel, delayMs, deliverAt'
  const more = 'shardingKey, priority, liteTopic, buyerId, waitStoreMsgOK'
  const says = `there is no field ${(name as string).slice(0, 100)}, there are ${fields}, ${more}`
  throw invalid(`${says}; what is the application's own goes into properties`, message.topic)
}

function checkBodyType({ body, topic }: Message): void {
  const given: unknown = body
  if (typeof given === 'string' || given instanceof Uint8Array) return
  throw invalid('the body is neither text nor bytes: give a string, a Buffer or a Uint8Array', topic)
}

function checkFields(message: Message): void {
  const { topic, flag = 0, tags, keys, shardingKey, buyerId, liteTopic } = message
  if (flag !== (flag | 0)) throw invalid(`flag ${String(flag)} is no 32-bit integer`, topic)
  checkWhole('delayTimeLevel', message.delayTimeLevel, topic)
  checkWhole('delayMs', message.delayMs, topic)
  checkWhole('deliverAt', deliverAtMs(message), topic)
  checkWhole('priority', message.priority, topic)
  if (delayCount(message) > 1) {
    throw invalid(
      'it has more than one of delayTimeLevel, delayMs and deliverAt: brokers follow only one, so give one',
      topic,
    )
  }
  checkText('tags', tags, topic)
  checkKeys(keys, topic)
  checkText('shardingKey', shardingKey, topic)
  checkText('buyerId', buyerId, topic)
  checkText('liteTopic', liteTopic, topic)
  const waits: unknown = message.waitStoreMsgOK
  if (waits !== undefined && typeof waits !== 'boolean') throw invalid('waitStoreMsgOK must be true or false', topic)
}

function checkKeys(keys: Message['keys'], topic: string): void {
  const given: unknown = keys
  if (given === undefined) return
  if (typeof given !== 'string' && !(Array.isArray(given) && given.every(key => typeof key === 'string')))
    throw invalid('keys must be text, or a list of texts', topic)
  checkText('keys', joinKeys(keys as string | readonly string[]), topic)
}

function checkProperties({ properties, topic }: Message): void {
  const given: unknown = properties
  if (given === undefined || isRecord(given)) return
  throw invalid("properties must be an object of names and texts, such as { region: 'eu' }", topic)
}

/** How many of the three ways to delay a message it uses. */
function delayCount({ delayTimeLevel = 0, delayMs = 0, deliverAt }: Message): number {
  return Number(delayTimeLevel > 0) + Number(delayMs > 0) + Number(deliverAt !== undefined)
}

function checkWhole(name: string, value: number | undefined, topic: string): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= 0)) return
  throw invalid(`${name} ${String(value)} is no whole number from 0 up`, topic)
}

function checkText(name: string, value: unknown, topic: string): void {
  if (value === undefined) return
  const problem = typeof value === 'string' ? separatorProblem(value) : 'it must be text'
  if (problem !== undefined) throw invalid(`${name}: ${problem}`, topic)
}

function invalid(says: string, topic?: string): RocketMQError {
  return new RocketMQError(
    'INVALID_MESSAGE',
    topic === undefined ? says : `message for topic '${topic}': ${says}`,
    topic === undefined ? {} : { topic },
  )
}
