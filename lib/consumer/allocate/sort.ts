import { type MessageQueue, compareMessageQueues } from '../../model/message-queue'

/** A copy of the queues in the order in which every member of a group must see them. */
export function sortedQueues(queues: readonly MessageQueue[]): MessageQueue[] {
  return [...queues].sort(compareMessageQueues)
}

/** A copy of the client ids in Java's order of strings, UTF-16 unit by unit. */
export function sortedClientIds(clientIds: readonly string[]): string[] {
  return [...clientIds].sort()
}
