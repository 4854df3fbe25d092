import type { SubscriptionGroupConfig } from '../../commands/group'
import type { ReplyOf, RequestOf } from '../../commands/command'
import type { PULL_MESSAGE } from '../../commands/pull'
import { isReadable } from '../../model/perm'
import { readPullSysFlag, withoutCommitOffset, withoutSuspend } from '../../model/pull-sys-flag'
import type { RequestContext } from '../../remoting/request-handlers'
import type { Broker } from '../broker'
import { JavaException, refusal, seeHelp } from '../refusal'
import type { ConsumeQueue } from '../store/consume-queue'
import { type MessageFilter, type ReadResult, type ReadStatus, readMessages } from '../store/read-messages'
import type { TopicConfig } from '../topics'
import { filterOf } from './pull-filter'
import { forbidden } from './pull-forbidden'

type Header = RequestOf<typeof PULL_MESSAGE>['header']
type Reply = ReplyOf<typeof PULL_MESSAGE>
type PullCode = Reply['code']

/** What a pull came to; a reset offset is told without reading. */
type Outcome = Omit<ReadResult, 'status'> & { readonly status: ReadStatus | 'OFFSET_RESET' }

interface Admission {
  readonly group: SubscriptionGroupConfig
  readonly topic: TopicConfig
  readonly filter: MessageFilter | undefined
}

/** Hands out messages of a queue, or holds the request until there are some. */
export function pullMessage(
  broker: Broker,
  { header }: RequestOf<typeof PULL_MESSAGE>,
  context: RequestContext,
): Reply | undefined {
  const admission = admit(broker, header, context)
  if (header.maxMsgNums < 0 && broker.generation.pulls.throwsAtNegativeCount)
    throw new JavaException(`java.lang.IllegalArgumentException: Illegal Capacity: ${header.maxMsgNums}`)
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
  { queue, filter }: { queue: ConsumeQueue; filter: MessageFilter | undefined },
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
  { queue, filter, context }: { queue: ConsumeQueue; filter: MessageFilter | undefined; context: RequestContext },
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
  return { group, topic, filter: filterOf(broker, header, group) }
}
