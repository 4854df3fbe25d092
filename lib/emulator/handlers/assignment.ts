import type { ReplyOf, RequestOf } from '../../commands/command'
import type { AssignmentQuestion, QUERY_ASSIGNMENT, SET_MESSAGE_REQUEST_MODE } from '../../commands/pop'
import { averageShare, circleShare } from '../../model/allocation'
import { type MessageQueue, compareMessageQueues } from '../../model/message-queue'
import { isRetryTopic } from '../../model/names'
import type { Broker } from '../broker'
import { refusal } from '../refusal'

/** Strategies that brokers have themselves. */
const STRATEGIES = new Map([
  ['AVG', averageShare<MessageQueue>],
  ['AVG_BY_CIRCLE', circleShare<MessageQueue>],
])

/** Tells a member of a group which queues to consume, and how. */
export function queryAssignment(
  broker: Broker,
  { body }: RequestOf<typeof QUERY_ASSIGNMENT>,
): ReplyOf<typeof QUERY_ASSIGNMENT> {
  const { mode = 'PULL', popShareQueueNum = 0 } = broker.state.pops.modes.get(body.topic, body.consumerGroup) ?? {}
  const queues = body.messageModel === 'BROADCASTING' ? broker.queuesOf(body.topic) : share()
  return {
    code: 'SUCCESS',
    body: { messageQueueAssignments: queues?.map(messageQueue => ({ messageQueue, mode })) },
  }

  function share(): MessageQueue[] | undefined {
    return sharedQueues(broker, body, mode === 'POP' ? popShareQueueNum : undefined)
  }
}

/** `popShare`: with how many others a member shares its queues when it pops; undefined where it pulls. */
function sharedQueues(
  broker: Broker,
  { topic, consumerGroup, clientId, strategyName = '' }: AssignmentQuestion,
  popShare: number | undefined,
): MessageQueue[] | undefined {
  const all = broker.queuesOf(topic)?.sort(compareMessageQueues)
  const members = broker.clients.consumers.get(consumerGroup)?.members
  const strategy = STRATEGIES.get(strategyName)
  if (all === undefined || members === undefined || strategy === undefined) return undefined
  const ids = Array.from(members.values(), member => member.clientId).sort()
  const index = ids.indexOf(clientId)
  if (popShare !== undefined && (popShare <= 0 || popShare >= ids.length - 1)) return oncePerBroker(all)
  if (clientId === '' || all.length === 0) return undefined
  if (popShare === undefined || index < 0) return strategy(all, ids.length, index)
  // Each has at least one queue, which several may have.
  if (ids.length > all.length) return [all[index % all.length] as MessageQueue]
  const neighbours = Array.from({ length: popShare + 1 }, (_, i) => (index + i) % ids.length)
  return [...new Set(neighbours.flatMap(each => strategy(all, ids.length, each)))]
}

/** Queue -1 stands for all that the broker has. */
function oncePerBroker(queues: readonly MessageQueue[]): MessageQueue[] {
  const first = new Map(queues.map(queue => [queue.brokerName, queue]))
  return Array.from(first.values(), queue => ({ ...queue, queueId: -1 }))
}

/** Sets how the members of a group get the messages of a topic from this broker. */
export function setMessageRequestMode(
  broker: Broker,
  { body }: RequestOf<typeof SET_MESSAGE_REQUEST_MODE>,
): ReplyOf<typeof SET_MESSAGE_REQUEST_MODE> {
  const { topic, consumerGroup } = body
  const { topics, groups, pops } = broker.state
  if (isRetryTopic(topic)) throw refusal('NO_PERMISSION', 'retry topic is not allowed to set mode')
  if (topics.get(topic) === undefined) throw refusal('TOPIC_NOT_EXIST', `topic[${topic}] not exist`)
  if (groups.find(consumerGroup) === undefined)
    throw refusal('SUBSCRIPTION_GROUP_NOT_EXIST', 'subscription group does not exist')
  pops.modes.set(body)
  return { code: 'SUCCESS' }
}
