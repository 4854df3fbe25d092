import type { Attributes } from '@opentelemetry/api'
import type { AnyEvent } from '../../client/telemetry/outcome'
import { isBatch, messageCountOf, topicOf } from '../../client/telemetry/outcome'
import { OPERATION_TYPES } from '../../client/telemetry/telemetry'
import { RocketMQError } from '../../errors'
import { deliverAtMs } from '../../model/message-properties'
import type { Message, MessageExt } from '../../model/message'
import type { MessageQueue } from '../../model/message-queue'
import { parseAddress } from '../../remoting/address'

/** What is known when a span begins: samplers see it. */
export function attributesOf(event: AnyEvent): Attributes {
  const { operation, group, clientId, namespace } = event
  const isProducer = operation === 'send' || operation === 'request' || operation === 'endTransaction'
  return {
    'messaging.system.name': 'rocketmq',
    'messaging.operation.name': operation,
    'messaging.operation.type': OPERATION_TYPES[operation],
    'messaging.destination.name': topicOf(event),
    'messaging.client.id': clientId,
    'messaging.consumer.group.name': isProducer ? undefined : group,
    'rocketmq.namespace': namespace === '' ? undefined : namespace,
    ...(operation === 'process' ? ofProcess(event) : {}),
    ...ofMessages(event),
  }
}

/** What the outcome tells besides. */
export function outcomeOf(event: AnyEvent): Attributes {
  if (event.operation === 'send' && event.result !== undefined) {
    const { msgId, messageQueue } = event.result
    const ids = isBatch(event.message) ? {} : { 'messaging.message.id': msgId }
    return { ...ids, ...ofQueue(event, messageQueue) }
  }
  const { error } = event
  if (!RocketMQError.is(error) || error.address === undefined) return {}
  return ofServer(error.address)
}

/** Of one message, as it is to be sent. */
export function ofMessage(message: Message): Attributes {
  const { tags, keys, shardingKey, delayTimeLevel, delayMs } = message
  const deliverAt = deliverAtMs(message)
  const isDelayed = (delayTimeLevel ?? 0) > 0 || delayMs !== undefined || deliverAt !== undefined
  return {
    'rocketmq.message.type': isDelayed ? 'delay' : isGiven(shardingKey) ? 'fifo' : 'normal',
    'rocketmq.message.tag': isGiven(tags) ? tags : undefined,
    'rocketmq.message.keys': keys === undefined || keys.length === 0 ? undefined : [keys].flat(),
    'rocketmq.message.group': isGiven(shardingKey) ? shardingKey : undefined,
    'rocketmq.message.delay_time_level': (delayTimeLevel ?? 0) > 0 ? delayTimeLevel : undefined,
    'rocketmq.message.delivery_timestamp': deliverAt,
  }
}

function ofMessages(event: AnyEvent): Attributes {
  if (event.operation === 'commit') return {}
  if (event.operation === 'send' && !isBatch(event.message)) return ofMessage(event.message)
  if (event.operation === 'request') return ofMessage(event.message)
  if (event.operation === 'endTransaction') return { 'messaging.message.id': event.transaction?.msgId }
  const count = messageCountOf(event)
  if (event.operation === 'send' || count !== 1) return { 'messaging.batch.message_count': count }
  return ofReceived(event.messages[0] as MessageExt)
}

function ofReceived({ msgId, tags, keys, shardingKey }: MessageExt): Attributes {
  return {
    'messaging.message.id': msgId,
    'rocketmq.message.tag': tags,
    'rocketmq.message.keys': keys.length === 0 ? undefined : [...keys],
    'rocketmq.message.group': shardingKey,
  }
}

function ofProcess(event: Extract<AnyEvent, { operation: 'process' }>): Attributes {
  const { messageModel, messageQueue } = event
  return {
    'rocketmq.consumption_model': messageModel === 'BROADCASTING' ? 'broadcasting' : 'clustering',
    ...ofQueue(event, messageQueue),
  }
}

function ofQueue({ brokerAddress }: AnyEvent, { brokerName, queueId }: MessageQueue): Attributes {
  const address = brokerAddress(brokerName)
  return {
    'messaging.destination.partition.id': `${brokerName}:${queueId}`,
    ...(address === undefined ? {} : ofServer(address)),
  }
}

function ofServer(address: string): Attributes {
  const { host, port } = parseAddress(address)
  return { 'server.address': host, 'server.port': port }
}

function isGiven(text: string | undefined): boolean {
  return text !== undefined && text !== ''
}
