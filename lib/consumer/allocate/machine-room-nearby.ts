import { RocketMQError } from '../../errors'
import type { MessageQueue } from '../../model/message-queue'
import { type AllocateInput, type AllocateMessageQueueStrategy, memberIndex } from './allocate-strategy'

/** Tells where brokers and clients stand; neither answer may be empty. */
export interface MachineRoomResolver {
  /** Name of the room that the broker of a queue stands in. */
  brokerDeployIn(queue: MessageQueue): string
  /** Name of the room that a member stands in, by its client id. */
  consumerDeployIn(clientId: string): string
}

/**
 * Queues go to members of their own room; those of rooms without members are shared by all. `inner` does the sharing.
 * `allocate` throws INVALID_ARGUMENT where the resolver knows no room.
 */
export function allocateMachineRoomNearby(
  inner: AllocateMessageQueueStrategy,
  resolver: MachineRoomResolver,
): AllocateMessageQueueStrategy {
  return {
    name: `MACHINE_ROOM_NEARBY-${inner.name}`,
    allocate: input => {
      if (memberIndex(input) < 0) return []
      const queues = groupByRoom(input.queues, queue => resolver.brokerDeployIn(queue))
      const clients = groupByRoom(input.clientIds, id => resolver.consumerDeployIn(id))
      return allocateByRoom(inner, input, { own: resolver.consumerDeployIn(input.clientId), queues, clients })
    },
  }
}

interface Rooms {
  readonly own: string
  readonly queues: ReadonlyMap<string, MessageQueue[]>
  readonly clients: ReadonlyMap<string, string[]>
}

function allocateByRoom(
  inner: AllocateMessageQueueStrategy,
  input: AllocateInput,
  { own, queues, clients }: Rooms,
): MessageQueue[] {
  const near = queues.get(own)
  const nearby = near === undefined ? [] : inner.allocate({ ...input, queues: near, clientIds: clients.get(own) ?? [] })
  const deserted = [...queues.keys()].filter(room => !clients.has(room)).sort()
  return nearby.concat(deserted.flatMap(room => inner.allocate({ ...input, queues: queues.get(room) ?? [] })))
}

function groupByRoom<T>(items: readonly T[], roomOf: (item: T) => string): Map<string, T[]> {
  const rooms = new Map<string, T[]>()
  for (const item of items) {
    const room = roomOf(item)
    if (room === '')
      throw new RocketMQError(
        'INVALID_ARGUMENT',
        `the machine room of ${JSON.stringify(item)} is empty: let the resolver name one`,
      )
    const held = rooms.get(room)
    if (held === undefined) rooms.set(room, [item])
    else held.push(item)
  }
  return rooms
}
