import { RocketMQError } from '../../errors'
import type { MessageQueue } from '../../model/message-queue'

/** What a strategy decides upon. Queues and client ids are sorted alike by every member of the group. */
export interface AllocateInput {
  /** Name of the consumer group as brokers know it, with its namespace. */
  readonly consumerGroup: string
  /** The member that asks. */
  readonly clientId: string
  /** All queues of the topic, in order. */
  readonly queues: readonly MessageQueue[]
  /** Client ids of all members, in order. */
  readonly clientIds: readonly string[]
}

/**
 * Shares the queues of a topic among the members of a group. It must be pure: every member runs it for itself with the
 * same queues and client ids, and all together must have each queue once. All members need the same strategy.
 */
export interface AllocateMessageQueueStrategy {
  /** Name that brokers hear, such as `AVG`. */
  readonly name: string
  /** The queues of the member that asks. */
  allocate(input: AllocateInput): MessageQueue[]
}

/**
 * Position of the asking member, or -1 where brokers do not list it. Throws INVALID_ARGUMENT where there are no queues or
 * no members, since what a member holds must not be given up for that.
 */
export function memberIndex({ consumerGroup, clientId, queues, clientIds }: AllocateInput): number {
  if (clientId === '')
    throw new RocketMQError('INVALID_ARGUMENT', `a member of group ${consumerGroup} has no client id`)
  if (queues.length === 0)
    throw new RocketMQError('INVALID_ARGUMENT', `group ${consumerGroup} has no queues to allocate`)
  if (clientIds.length === 0)
    throw new RocketMQError('INVALID_ARGUMENT', `group ${consumerGroup} has no members to allocate queues to`)
  return clientIds.indexOf(clientId)
}
