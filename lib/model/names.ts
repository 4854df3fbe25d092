import { RocketMQError } from '../errors'
import { isBlank, javaSplit, parseJavaInt } from './java-text'

/** Begins the names of retry topics. */
export const RETRY_PREFIX = '%RETRY%'
/** Begins the names of dead-letter topics. */
export const DLQ_PREFIX = '%DLQ%'
/** Begins the names of light queues. */
export const LMQ_PREFIX = '%LMQ%'

/** Group of the producer that every client has for itself, for messages that go back to a retry topic. */
export const CLIENT_INNER_PRODUCER = 'CLIENT_INNER_PRODUCER'

const SYSTEM_GROUP_PREFIX = 'CID_RMQ_SYS_'

/** The topic where failed messages of a group wait for another try. */
export function retryTopic(group: string): string {
  return RETRY_PREFIX + group
}

/** The topic where messages of a group end that failed too often. */
export function dlqTopic(group: string): string {
  return DLQ_PREFIX + group
}

/** The topic that replies of request-reply travel through in a cluster. */
export function replyTopic(cluster: string): string {
  return `${cluster}_REPLY_TOPIC`
}

/** True for the name of a retry topic. */
export function isRetryTopic(topic: string): boolean {
  return topic.startsWith(RETRY_PREFIX)
}

/** True for the name of a dead-letter topic. */
export function isDlqTopic(topic: string): boolean {
  return topic.startsWith(DLQ_PREFIX)
}

/** True for the name of a light queue. */
export function isLmq(name: string): boolean {
  return name.startsWith(LMQ_PREFIX)
}

/** True for consumer groups of RocketMQ's own. */
export function isSystemGroup(group: string): boolean {
  return group.startsWith(SYSTEM_GROUP_PREFIX)
}

/** What joins group and topic in the name of a POP retry topic; brokers write version 1 unless `enableRetryTopicV2`. */
const POP_SEPARATOR = { 1: '_', 2: '+' } as const

/** The retry topic of one topic and group for POP consumption (Java `KeyBuilder`). */
export function popRetryTopic(topic: string, group: string, version: 1 | 2 = 1): string {
  return RETRY_PREFIX + group + POP_SEPARATOR[version] + topic
}

/** True where a retry topic has the form of version 2; one of version 1 whose parts hold a `+` cannot be told apart. */
export function isPopRetryTopicV2(retryTopic: string): boolean {
  return isRetryTopic(retryTopic) && retryTopic.includes(POP_SEPARATOR[2])
}

/** The topic that a POP retry topic of a known group belongs to; other topics are returned as they are. */
export function popOriginOf(topic: string, group: string): string {
  if (!isRetryTopic(topic)) return topic
  for (const version of [2, 1] as const) {
    const prefix = popRetryTopic('', group, version)
    if (topic.startsWith(prefix)) return topic.slice(prefix.length)
  }
  return topic
}

/** Group and topic of a POP retry topic of version 2, or undefined where the name does not tell them. */
export function parsePopRetryTopic(retryTopic: string): { group: string; topic: string } | undefined {
  if (!isPopRetryTopicV2(retryTopic)) return undefined
  const [group, topic, more] = javaSplit(retryTopic.slice(RETRY_PREFIX.length), POP_SEPARATOR[2])
  return group === undefined || topic === undefined || more !== undefined ? undefined : { group, topic }
}

/** What makes up a client id. */
export interface ClientIdParts {
  readonly ip: string
  readonly instanceName: string
  readonly unitName?: string | undefined
}

/** The id by which brokers and other members of a group know a client (Java `ClientConfig.buildMQClientId`). */
export function clientId({ ip, instanceName, unitName = '' }: ClientIdParts): string {
  return isBlank(unitName) ? `${ip}@${instanceName}` : `${ip}@${instanceName}@${unitName}`
}

/** A broker's second address, two ports below, which takes sends and administration, but no pulls. Throws INVALID_ARGUMENT without a port. */
export function vipAddress(address: string): string {
  const colon = address.lastIndexOf(':')
  const port = colon < 0 ? undefined : parseJavaInt(address.slice(colon + 1))
  if (port === undefined)
    throw new RocketMQError('INVALID_ARGUMENT', `broker address ${address} has no port: write host:port`, { address })
  return `${address.slice(0, colon)}:${port - 2}`
}
