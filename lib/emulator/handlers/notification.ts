import type { ReplyOf, RequestOf } from '../../commands/command'
import type { NOTIFICATION } from '../../commands/pop'
import { popRetryTopic } from '../../model/names'
import { isTagType } from '../../model/subscription'
import type { RequestContext } from '../../remoting/request-handlers'
import type { Broker } from '../broker'
import type { ConsumeQueue } from '../store/consume-queue'
import type { MessageFilter } from '../store/read-messages'
import { NO_REMARK } from '../refusal'
import { parkPop } from './park-pop'
import { admitPop, popFilter } from './pop-admission'

type Header = RequestOf<typeof NOTIFICATION>['header']
type Reply = ReplyOf<typeof NOTIFICATION>

const NO_HEADER = { hasMsg: 'false', pollingFull: 'false' }
/** Brokers look at tags only where fewer messages are left. */
const MAX_LEFT = 64

/** Tells whether a pop would find messages, or holds the request until there are some. */
export function notification(
  broker: Broker,
  { header: asked }: RequestOf<typeof NOTIFICATION>,
  context: RequestContext,
): Reply | undefined {
  const header = asked.bornTime === 0 ? { ...asked, bornTime: broker.clock.now() } : asked
  const { readQueueNums } = admitPop(broker, header, { channel: context.channel, fields: NO_HEADER })
  const filter = filterOf(broker, header)
  const { topic, queueId } = header
  const own = queueId < 0 ? upTo(readQueueNums) : [queueId]
  const retryTopic = popRetryTopic(topic, header.consumerGroup)
  const retried = upTo(broker.state.topics.get(retryTopic)?.readQueueNums ?? 0)
  const hasMessages =
    own.some(each => hasMessage(broker, header, { topic, queueId: each, filter })) ||
    retried.some(each => hasMessage(broker, header, { topic: retryTopic, queueId: each, filter: undefined }))
  if (hasMessages) return reply(true, false)
  const parked = parkPop(broker, header, { among: broker.notifications, context })
  return parked === 'PARKED' ? undefined : reply(false, parked === 'FULL')
}

/** A condition over properties is checked, and then not looked at. */
function filterOf(broker: Broker, { topic, exp, expType = '' }: Header): MessageFilter | undefined {
  if (expType === '') return undefined
  const filter = popFilter(broker, { topic, exp, expType }, NO_HEADER)
  return isTagType(expType) ? filter : undefined
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i)
}

function hasMessage(
  { state }: Broker,
  header: Header,
  { topic, queueId, filter }: { topic: string; queueId: number; filter: MessageFilter | undefined },
): boolean {
  const group = header.consumerGroup
  const queue = state.store.findQueue(topic, queueId)
  if (queue === undefined) return false
  // Real brokers ask so for the retry topic as well, by the name of the other.
  const asked = { topic: header.topic, group, queueId }
  if (header.order === true && state.pops.orders.isBlocked(asked, header.attemptId)) return false
  const offset = state.offsets.query(group, topic, queueId) ?? queue.minOffset
  const left = queue.maxOffset - offset
  return filter === undefined || left >= MAX_LEFT ? left > 0 : hasWanted(queue, offset, filter)
}

function hasWanted(queue: ConsumeQueue, from: number, filter: MessageFilter): boolean {
  for (let offset = Math.max(from, queue.minOffset); offset < queue.maxOffset; offset++)
    if (filter(queue, offset)) return true
  return false
}

function reply(hasMsg: boolean, pollingFull: boolean): Reply {
  return { code: 'SUCCESS', remark: NO_REMARK, header: { hasMsg, pollingFull } }
}
