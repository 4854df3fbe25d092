import type { MessageQueue } from '../../model/message-queue'
import type { AllocateMessageQueueStrategy } from './allocate-strategy'

/** A fixed list of queues for this member; that the members' lists add up to all queues is the user's care. */
export function allocateByConfig(queues: readonly MessageQueue[]): AllocateMessageQueueStrategy {
  return { name: 'CONFIG', allocate: () => [...queues] }
}
