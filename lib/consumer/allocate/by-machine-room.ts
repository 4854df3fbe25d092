import { machineRoomOf } from '../../model/machine-room'
import { type AllocateMessageQueueStrategy, memberIndex } from './allocate-strategy'

/**
 * Shares only the queues of brokers that are named `room@broker` with one of these rooms. Queues of other rooms are for
 * groups of other rooms: in this group nobody gets them.
 */
export function allocateByMachineRoom(rooms: Iterable<string>): AllocateMessageQueueStrategy {
  const wanted: ReadonlySet<string | undefined> = new Set(rooms)
  return {
    name: 'MACHINE_ROOM',
    allocate: input => {
      const index = memberIndex(input)
      if (index < 0) return []
      const queues = input.queues.filter(({ brokerName }) => wanted.has(machineRoomOf(brokerName)))
      const size = Math.floor(queues.length / input.clientIds.length)
      const own = queues.slice(size * index, size * index + size)
      const left = queues[size * input.clientIds.length + index]
      return left === undefined ? own : [...own, left]
    },
  }
}
