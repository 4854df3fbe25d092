import type { SubscriptionGroupConfig } from '../../commands/group'
import { isReadable } from '../../model/perm'
import type { Channel } from '../../remoting/channel'
import { RocketMQError } from '../../errors'
import { buildSubscriptionData, isTagType, SUB_ALL } from '../../model/subscription'
import type { ExtFields } from '../../wire/remoting-command'
import type { Broker } from '../broker'
import { propertyFilter, tagsFilter } from '../message-filter'
import { refusal, seeHelp } from '../refusal'
import type { MessageFilter } from '../store/read-messages'
import type { TopicConfig } from '../topics'

/** What pops and questions for them have in common. */
export interface PopQuestion {
  readonly topic: string
  readonly consumerGroup: string
  readonly queueId: number
}

export interface Asked {
  readonly channel: Channel
  /** Header fields of every refusal: Java answers them with the zeros of a header that nobody filled. */
  readonly fields: ExtFields
}

/** Checks topic, queue and group of a pop. @throws Refusal in the words of the real broker */
export function admitPop(broker: Broker, question: PopQuestion, { channel, fields }: Asked): TopicConfig {
  const { topic, queueId } = question
  const config = broker.state.topics.get(topic)
  if (config === undefined) throw noTopic(broker, topic, fields)
  if (!isReadable(config.perm))
    throw refusal('NO_PERMISSION', `the topic[${topic}] peeking message is forbidden`, fields)
  if (queueId >= config.readQueueNums) throw refusal('INVALID_PARAMETER', wrongQueue(config, queueId, channel), fields)
  admitGroup(broker, question.consumerGroup, fields)
  return config
}

/** @throws Refusal for a topic that the broker does not have */
export function noTopic({ generation }: Broker, topic: string, fields?: ExtFields): Error {
  return refusal('TOPIC_NOT_EXIST', `topic[${topic}] not exist, apply first please! ${seeHelp(generation)}`, fields)
}

/** The remark about a queue that a topic does not have. */
export function wrongQueue({ topicName, readQueueNums }: TopicConfig, queueId: number, { address }: Channel): string {
  return `queueId[${queueId}] is illegal, topic:[${topicName}] topicConfig.readQueueNums:[${readQueueNums}] consumer:[/${address}]`
}

function admitGroup(broker: Broker, group: string, fields: ExtFields): SubscriptionGroupConfig {
  const config = broker.state.groups.find(group)
  if (config === undefined) {
    const remark = `subscription group [${group}] does not exist, ${seeHelp(broker.generation)}`
    throw refusal('SUBSCRIPTION_GROUP_NOT_EXIST', remark, fields)
  }
  if (!config.consumeEnable) throw refusal('NO_PERMISSION', `subscription group no permission, ${group}`, fields)
  return config
}

/** The filter of an expression; undefined for all messages. @throws Refusal SUBSCRIPTION_PARSE_FAILED */
export function popFilter(
  broker: Broker,
  { topic, exp, expType }: { topic: string; exp: string | undefined; expType: string | undefined },
  fields: ExtFields,
): MessageFilter | undefined {
  if (exp === undefined || exp === '') return undefined
  if (!isTagType(expType)) {
    const condition = broker.state.filters.tryCompile(expType ?? '', exp)
    if (condition === undefined) throw unparsable(fields)
    return propertyFilter(broker.state.store.log, condition)
  }
  try {
    const { subString, codeSet } = buildSubscriptionData(topic, exp, 0)
    return subString === SUB_ALL ? undefined : tagsFilter(codeSet)
  } catch (error) {
    throw RocketMQError.is(error) ? unparsable(fields) : error
  }
}

function unparsable(fields: ExtFields): Error {
  return refusal('SUBSCRIPTION_PARSE_FAILED', "parse the consumer's subscription failed", fields)
}
