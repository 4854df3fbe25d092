import type { AllocateMessageQueueStrategy } from '../../../lib/consumer/allocate/allocate-strategy'
import { allocateAveragely } from '../../../lib/consumer/allocate/averagely'
import { allocateAveragelyByCircle } from '../../../lib/consumer/allocate/averagely-by-circle'
import { allocateByMachineRoom } from '../../../lib/consumer/allocate/by-machine-room'
import { allocateByConsistentHash } from '../../../lib/consumer/allocate/consistent-hash'
import { allocateMachineRoomNearby } from '../../../lib/consumer/allocate/machine-room-nearby'
import { sortedClientIds, sortedQueues } from '../../../lib/consumer/allocate/sort'
import { javaHashCode } from '../../../lib/model/java-string-hash'
import { type MessageQueue, messageQueueText } from '../../../lib/model/message-queue'
import { difference } from '../difference'
import type { Check, Op } from '../vector-file'

type Input = Record<string, unknown>
type Pair = [brokerName: string, queueId: number]

const beforeDash = (text: string): string => text.split('-', 1)[0] ?? ''

/** Java's null lists are what a caller without types would leave out: to us they are empty. */
const listOf = <T>(value: unknown): T[] => (value ?? []) as T[]

function strategyOf(name: unknown, input: Input): AllocateMessageQueueStrategy {
  switch (name) {
    case 'AVG':
      return allocateAveragely
    case 'AVG_BY_CIRCLE':
      return allocateAveragelyByCircle
    case 'CONSISTENT_HASH':
      return allocateByConsistentHash(input['virtualNodes'] as number | undefined)
    case 'MACHINE_ROOM':
      return allocateByMachineRoom(listOf<string>(input['consumerIdcs']))
    case 'MACHINE_ROOM_NEARBY':
      return allocateMachineRoomNearby(strategyOf(input['inner'], input), roomsOf(input['roomRule']))
    default:
      throw new Error(`unknown strategy ${String(name)}`)
  }
}

function roomsOf(rule: unknown) {
  if (rule !== "text before the first '-' of broker name and client id") throw new Error(`unknown rule ${String(rule)}`)
  return { brokerDeployIn: (queue: MessageQueue) => beforeDash(queue.brokerName), consumerDeployIn: beforeDash }
}

function queuesOf(input: Input): MessageQueue[] {
  const topic = String(input['topic'])
  return listOf<Pair>(input['queues']).map(([brokerName, queueId]) => ({ topic, brokerName, queueId }))
}

export const fields = {
  allocate: {
    in: ['strategy', 'group', 'topic', 'queues', 'cids', 'virtualNodes', 'consumerIdcs', 'inner', 'roomRule'],
    out: ['name', 'byCid'],
  },
  allocateOne: { in: ['strategy', 'currentCid', 'topic', 'queues', 'cids', 'virtualNodes'], out: ['queues'] },
}

export const checks: Readonly<Record<string, Check>> = {
  sortQueues: (input, out) => {
    const given = listOf<unknown>(input['queues'])
    const parsed = given.map(parseQueue)
    const expected = listOf<unknown>(out['sorted'])
    const sorted = sortedQueues(parsed).map(queue => sameForm(queue, expected[0], given[parsed.indexOf(queue)]))
    const found = difference(sorted, expected)
    if (found !== undefined) throw new Error(found)
  },
}

/** A queue as an object, as `[topic, brokerName, queueId]` or as `[brokerName, queueId]`. */
function parseQueue(given: unknown): MessageQueue {
  if (!Array.isArray(given)) return given as MessageQueue
  const [topic, brokerName, queueId] = (given.length === 2 ? ['T', ...given] : given) as [string, string, number]
  return { topic, brokerName, queueId }
}

/** A sorted queue in the form in which Java's order is written down: its text, or as it was given. */
function sameForm(queue: MessageQueue, example: unknown, given: unknown): unknown {
  return typeof example === 'string' ? messageQueueText(queue) : given
}

export const ops: Readonly<Record<string, Op>> = {
  allocate: input => {
    const strategy = strategyOf(input['strategy'], input)
    const queues = queuesOf(input)
    const clientIds = listOf<string>(input['cids'])
    const byCid = clientIds.map(clientId => {
      const mine = strategy.allocate({ consumerGroup: String(input['group']), clientId, queues, clientIds })
      return [clientId, mine.map(queue => queues.indexOf(queue))]
    })
    return { name: strategy.name, byCid: Object.fromEntries(byCid) as unknown }
  },
  allocateOne: input => {
    const clientId = (input['currentCid'] ?? '') as string
    const clientIds = listOf<string>(input['cids'])
    const queues = strategyOf(input['strategy'], input).allocate({
      consumerGroup: 'CG',
      clientId,
      queues: queuesOf(input),
      clientIds,
    })
    return { queues: queues.map(({ brokerName, queueId }) => [brokerName, queueId]) }
  },
  sortCids: input => ({ sorted: sortedClientIds(listOf<string>(input['cids'])) }),
  queueToString: input => {
    const queue = input as unknown as MessageQueue
    return { string: messageQueueText({ ...queue }), hash: hashOf(queue) }
  },
}

/** `MessageQueue.hashCode()`: where queues stand in Java's hash maps, which no peer ever sees. */
function hashOf({ topic, brokerName, queueId }: MessageQueue): number {
  return [javaHashCode(brokerName), queueId, javaHashCode(topic)].reduce(
    (hash, part) => (Math.imul(31, hash) + part) | 0,
    1,
  )
}
