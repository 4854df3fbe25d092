import {
  type AllocateMessageQueueStrategy,
  type MessageQueue,
  allocateAveragely,
  allocateAveragelyByCircle,
  allocateByConfig,
  allocateByConsistentHash,
  allocateByMachineRoom,
  allocateMachineRoomNearby,
} from '../../lib/index'
import type { MixedGroupOptions } from './mixed-group'

const ROOM = 'east@'

/** All brokers stand in one room; those of the tests are not named after it. */
function byMachineRoom(): AllocateMessageQueueStrategy {
  const { name, allocate } = allocateByMachineRoom(['east'])
  return {
    name,
    allocate: input => {
      const queues = input.queues.map(queue => ({ ...queue, brokerName: ROOM + queue.brokerName }))
      const share = allocate({ ...input, queues })
      return share.map(queue => ({ ...queue, brokerName: queue.brokerName.slice(ROOM.length) }))
    },
  }
}

/** Queues stand in the room of their number, clients in that of the last character of their id. */
const nearby = allocateMachineRoomNearby(allocateAveragely, {
  brokerDeployIn: ({ queueId }) => `r${queueId % 2}`,
  consumerDeployIn: clientId => `r${clientId.charCodeAt(clientId.length - 1) % 2}`,
})

/** The built-in strategies by which any members share all queues, as `java/Strategies.java` has them. */
export const SHARING_STRATEGIES: readonly MixedGroupOptions['strategy'][] = [
  { ours: allocateAveragely, java: 'AVG' },
  { ours: allocateAveragelyByCircle, java: 'AVG_BY_CIRCLE' },
  { ours: allocateByConsistentHash(), java: 'CONSISTENT_HASH' },
  { ours: byMachineRoom(), java: 'MACHINE_ROOM' },
  { ours: nearby, java: 'MACHINE_ROOM_NEARBY' },
]

/** Fixed lists: queues of even numbers for the members of ours, all others for Java members. */
export function configStrategy(queues: readonly MessageQueue[]): MixedGroupOptions['strategy'] {
  const isOurs = ({ queueId }: MessageQueue): boolean => queueId % 2 === 0
  const list = queues.filter(queue => !isOurs(queue)).map(({ brokerName, queueId }) => `${brokerName}:${queueId}`)
  return { ours: allocateByConfig(queues.filter(isOurs)), java: `CONFIG:${list.join(';')}` }
}
