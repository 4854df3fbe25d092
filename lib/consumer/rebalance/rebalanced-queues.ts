import type { MessageQueue } from '../../model/message-queue'

/** What a change of the assignment of one topic brought. */
export interface AssignmentChange {
  readonly added: readonly MessageQueue[]
  readonly removed: readonly MessageQueue[]
  /** False where some queue could not be taken or given back: to be tried again soon. */
  readonly complete: boolean
}

/** The queues of a consumer that rebalancing gives and takes. */
export interface RebalancedQueues {
  readonly queues: readonly MessageQueue[]
  /** Makes the queues of a topic ours, and no others of it. */
  assign(topic: string, queues: readonly MessageQueue[]): Promise<AssignmentChange>
  /** Begins to work on queues that were assigned; those that are worked on already are left alone. */
  startPulling(queues: readonly MessageQueue[]): void
}
