import { allocateAveragely } from '../../../lib/consumer/allocate/averagely'
import { allocateAveragelyByCircle } from '../../../lib/consumer/allocate/averagely-by-circle'
import type { AllocateMessageQueueStrategy } from '../../../lib/consumer/allocate/allocate-strategy'
import { allocateByMachineRoom } from '../../../lib/consumer/allocate/by-machine-room'
import { allocateByConsistentHash } from '../../../lib/consumer/allocate/consistent-hash'
import { allocateMachineRoomNearby } from '../../../lib/consumer/allocate/machine-room-nearby'
import { sortedClientIds, sortedQueues } from '../../../lib/consumer/allocate/sort'
import type { MessageQueue } from '../../../lib/model/message-queue'
import { startStopwatch } from '../../drivers/rounds'
import { median } from '../../results'
import type { CurveTitle } from '../curve'
import type { GrowthSubject } from '../growth-subject'

const QUEUES = 10_000
const BROKERS = 10
const ROOMS = 4
const ROUNDS = 9

const room = (index: number): string => `room${index % ROOMS}`

const STRATEGIES: Readonly<Record<string, AllocateMessageQueueStrategy>> = {
  averagely: allocateAveragely,
  circle: allocateAveragelyByCircle,
  'consistent-hash': allocateByConsistentHash(),
  'machine-room': allocateByMachineRoom([room(0), room(1), room(2), room(3)]),
  nearby: allocateMachineRoomNearby(allocateAveragely, {
    brokerDeployIn: ({ brokerName }) => brokerName.split('@')[0] as string,
    consumerDeployIn: clientId => room(Number(clientId.split('#')[1])),
  }),
}

/** One round of a member's rebalance, without asking anybody: 10,000 queues are sorted and shared out. */
export const members: GrowthSubject = {
  sizes: [2, 10, 50, 200, 1000],
  curves: Object.fromEntries(
    Object.keys(STRATEGIES).map(name => [
      `members-${name}`,
      {
        title: `members of a group, 10,000 queues: CPU of a round of ${name}`,
        unit: 'ms',
        of: 'all',
      } satisfies CurveTitle,
    ]),
  ),
  open: async () => size => {
    const clientIds = Array.from({ length: size }, (_, i) => `10.0.0.1@4711#${(i * 7919) % size}`)
    const queues = Array.from({ length: QUEUES }, (_, i): MessageQueue => ({
      topic: 'Orders',
      brokerName: `${room(i)}@broker-${i % BROKERS}`,
      queueId: Math.floor(i / BROKERS),
    }))
    const costs = Object.entries(STRATEGIES).map(([name, strategy]) => [
      `members-${name}`,
      median(Array.from({ length: ROUNDS }, () => roundMs(strategy, queues, clientIds))),
    ])
    return Promise.resolve(Object.fromEntries(costs))
  },
}

function roundMs(strategy: AllocateMessageQueueStrategy, queues: MessageQueue[], clientIds: string[]): number {
  const stop = startStopwatch()
  const clientId = clientIds[clientIds.length >> 1] as string
  const input = { consumerGroup: 'bench', clientId, clientIds: sortedClientIds([...new Set(clientIds)]) }
  strategy.allocate({ ...input, queues: sortedQueues(queues) })
  return stop().cpuMicros / 1000
}
