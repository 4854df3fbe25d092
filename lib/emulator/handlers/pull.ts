import type { SubscriptionGroupConfig } from '../../commands/group'
import type { ReplyOf, RequestOf } from '../../commands/command'
import type { PULL_MESSAGE } from '../../commands/pull'
import { RocketMQError } from '../../errors'
import type { SubscriptionData } from '../../model/consumer-types'
import { isReadable } from '../../model/perm'
import { readPullSysFlag, withoutCommitOffset, withoutSuspend } from '../../model/pull-sys-flag'
import { SUB_ALL, buildSubscriptionData, isTagType } from '../../model/subscription'
import type { RequestContext } from '../../remoting/request-handlers'
import type { Broker } from '../broker'
import { refusal, seeHelp } from '../refusal'
import type { ConsumeQueue } from '../store/consume-queue'
import { type ReadResult, type ReadStatus, type TagsFilter, readMessages } from '../store/read-messages'
import type { TopicConfig } from '../topics'

type Header = RequestOf<typeof PULL_MESSAGE>['header']
type Reply = ReplyOf<typeof PULL_MESSAGE>
type PullCode = Reply['code']

/** What a pull came to; a reset offset is told without reading. */
type Outcome = Omit<ReadResult, 'status'> & { readonly status: ReadStatus | 'OFFSET_RESET' }

interface Admission {
  readonly group: SubscriptionGroupConfig
  readonly topic: TopicConfig
  readonly filter: TagsFilter | undefined
}

/** Hands out messages of a queue, or holds the request until there are some. */
export function pullMessage(
  broker: Broker,
  { header }: RequestOf<typeof PULL_MESSAGE>,
  context: RequestContext,
): Reply | undefined {
  const admission = admit(broker, header, context)
  const queue = broker.state.store.queue(header.topic, header.queueId)
  const outcome = read(broker, header, { queue, filter: admission.filter })
  const code = codeOf(broker, header, outcome)
  const flags = readPullSysFlag(header.sysFlag)
  noteOffsets(broker, header, { outcome, commits: flags.commitOffset })
  if (code === 'PULL_NOT_FOUND' && flags.suspend) {
    park(broker, header, { queue, filter: admission.filter, context })
    return undefined
  }
  return {
    code,
    remark: outcome.status,
    header: replyHeader(broker, outcome, admission),
    body: outcome.body ?? NO_BODY,
  }
}

const NO_BODY = Buffer.alloc(0)

function replyHeader(
  broker: Broker,
  { nextBeginOffset, minOffset, maxOffset }: Outcome,
  { group, topic }: Admission,
): Extract<Reply, { body: unknown }>['header'] {
  const offsets = { suggestWhichBrokerId: group.brokerId, nextBeginOffset, minOffset, maxOffset }
  return broker.generation.pulls.flags ? { ...offsets, topicSysFlag: topic.topicSysFlag, groupSysFlag: 0 } : offsets
}

function read(
  broker: Broker,
  header: Header,
  { queue, filter }: { queue: ConsumeQueue; filter: TagsFilter | undefined },
): Outcome {
  const { consumerGroup, topic, queueId, queueOffset: offset, maxMsgNums } = header
  const reset = broker.state.offsets.takeReset(consumerGroup, topic, queueId)
  if (reset !== undefined) {
    const { minOffset, maxOffset } = queue
    return { status: 'OFFSET_RESET', nextBeginOffset: reset, minOffset, maxOffset, body: undefined }
  }
  const result = readMessages(broker.state.store.log, queue, { offset, maxMsgNums, filter })
  // A slave may lag, so it corrects nobody.
  return broker.isMaster || result.body !== undefined || result.status === 'NO_MATCHED_MESSAGE'
    ? result
    : { ...result, nextBeginOffset: offset }
}

function codeOf(broker: Broker, header: Header, { status }: Outcome): PullCode {
  const code = masterCode(header, status)
  if (broker.isMaster || code === 'SUCCESS') return code
  if (code === 'PULL_OFFSET_MOVED') return 'PULL_RETRY_IMMEDIATELY'
  return broker.generation.pulls.slavesRedirect && broker.state.masterIsUp ? 'PULL_RETRY_IMMEDIATELY' : code
}

function masterCode({ queueOffset }: Header, status: Outcome['status']): PullCode {
  switch (status) {
    case 'FOUND':
      return 'SUCCESS'
    case 'NO_MATCHED_MESSAGE':
      return 'PULL_RETRY_IMMEDIATELY'
    case 'NO_MESSAGE_IN_QUEUE':
      return queueOffset === 0 ? 'PULL_NOT_FOUND' : 'PULL_OFFSET_MOVED'
    case 'OFFSET_OVERFLOW_ONE':
      return 'PULL_NOT_FOUND'
    case 'OFFSET_OVERFLOW_BADLY':
    case 'OFFSET_TOO_SMALL':
    case 'OFFSET_RESET':
      return 'PULL_OFFSET_MOVED'
  }
}

/** A pull says how far its group has come, and may commit an offset besides. */
function noteOffsets(
  broker: Broker,
  header: Header,
  { outcome, commits }: { outcome: Outcome; commits: boolean },
): void {
  const { consumerGroup, topic, queueId, commitOffset } = header
  const { offsets } = broker.state
  if (broker.generation.offsets.pullOffsets)
    offsets.commitPulled(consumerGroup, topic, { queueId, offset: outcome.nextBeginOffset })
  if (commits && broker.isMaster) offsets.commit(consumerGroup, topic, { queueId, offset: commitOffset })
}

function park(
  broker: Broker,
  header: Header,
  { queue, filter, context }: { queue: ConsumeQueue; filter: TagsFilter | undefined; context: RequestContext },
): void {
  const { channel, frame } = context
  const sysFlag = String(withoutCommitOffset(withoutSuspend(header.sysFlag)))
  const again = { ...frame, extFields: { ...frame.extFields, sysFlag } }
  broker.longPolling.park({
    queue,
    filter,
    offset: header.queueOffset,
    waitMs: header.suspendTimeoutMillis,
    isGone: () => channel.state === 'closed',
    resume: () => broker.handleAgain(again, channel),
  })
}

function admit(broker: Broker, header: Header, { channel }: RequestContext): Admission {
  const { consumerGroup, queueId } = header
  const { generation, state } = broker
  const group = state.groups.find(consumerGroup)
  if (group === undefined) {
    const remark = `subscription group [${consumerGroup}] does not exist, ${seeHelp(generation)}`
    throw refusal('SUBSCRIPTION_GROUP_NOT_EXIST', remark)
  }
  if (!group.consumeEnable) throw forbidden(broker, 'GROUP', `subscription group no permission, ${consumerGroup}`)
  const topic = state.topics.get(header.topic)
  if (topic === undefined) {
    const remark = `topic[${header.topic}] not exist, apply first please! ${seeHelp(generation)}`
    throw refusal('TOPIC_NOT_EXIST', remark)
  }
  if (!isReadable(topic.perm))
    throw forbidden(broker, 'TOPIC', `the topic[${header.topic}] pulling message is forbidden`)
  if (queueId < 0 || queueId >= topic.readQueueNums) {
    const remark = `queueId[${queueId}] is illegal, topic:[${header.topic}] topicConfig.readQueueNums:[${topic.readQueueNums}] consumer:[/${channel.address}]`
    throw refusal(generation.invalidParameter, remark)
  }
  return { group, topic, filter: filterOf(subscriptionOf(broker, header, group)) }
}

function subscriptionOf(broker: Broker, header: Header, group: SubscriptionGroupConfig): SubscriptionData {
  const subscription = readPullSysFlag(header.sysFlag).subscription
    ? subscriptionInRequest(header)
    : subscriptionOfHeartbeat(broker, header, group)
  if (!isTagType(subscription.expressionType)) {
    const remark = `The broker does not support consumer to filter message by ${subscription.expressionType}`
    throw refusal('SYSTEM_ERROR', remark)
  }
  return subscription
}

function subscriptionInRequest({ topic, subscription, expressionType, subVersion }: Header): SubscriptionData {
  if (!isTagType(expressionType)) {
    if (subscription === undefined || subscription === '') throw unparsable()
    const remark = `The broker does not support consumer to filter message by ${expressionType}`
    throw refusal('SYSTEM_ERROR', remark)
  }
  try {
    return buildSubscriptionData(topic, subscription, subVersion)
  } catch (error) {
    throw RocketMQError.is(error) ? unparsable() : error
  }
}

function unparsable(): Error {
  return refusal('SUBSCRIPTION_PARSE_FAILED', "parse the consumer's subscription failed")
}

function subscriptionOfHeartbeat(
  broker: Broker,
  { consumerGroup, topic, subVersion }: Header,
  group: SubscriptionGroupConfig,
): SubscriptionData {
  const { clients, generation } = broker
  const online = clients.consumers.get(consumerGroup)
  if (online === undefined)
    throw refusal('SUBSCRIPTION_NOT_EXIST', `the consumer's group info not exist${seeHelp(generation)}`)
  if (!group.consumeBroadcastEnable && online.messageModel === 'BROADCASTING')
    throw forbidden(broker, 'BROADCASTING', `the consumer group[${consumerGroup}] can not consume by broadcast way`)
  const subscription = online.subscriptions.get(topic)
  if (subscription === undefined)
    throw refusal('SUBSCRIPTION_NOT_EXIST', `the consumer's subscription not exist${seeHelp(generation)}`)
  if (subscription.subVersion < subVersion)
    throw refusal('SUBSCRIPTION_NOT_LATEST', "the consumer's subscription not latest")
  return subscription
}

/** What forbade a pull, as 5.x tells it. */
const FORBIDDEN_BY = { GROUP: '2', TOPIC: '3', BROADCASTING: '4' } as const

function forbidden({ generation }: Broker, by: keyof typeof FORBIDDEN_BY, remark: string): Error {
  return refusal('NO_PERMISSION', remark, generation.pulls.flags ? { forbiddenType: FORBIDDEN_BY[by] } : undefined)
}

const filters = new WeakMap<SubscriptionData, TagsFilter>()

/** Brokers compare hashes of tags only. */
function filterOf(subscription: SubscriptionData): TagsFilter | undefined {
  if (subscription.subString === SUB_ALL || subscription.classFilterMode) return undefined
  let filter = filters.get(subscription)
  if (filter === undefined) {
    const codes = new Set(subscription.codeSet)
    filters.set(subscription, (filter = tagsCode => codes.has(tagsCode)))
  }
  return filter
}
