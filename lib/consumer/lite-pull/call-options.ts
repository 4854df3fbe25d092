import type { SubscriptionExpression } from '../../model/message-selector'
import type { CallOptions } from '../../remoting/remoting-client'

/** How long `poll` waits. */
export interface PollOptions {
  /** Limit of the wait, ms, 0 and up; default is the option `pollTimeoutMs`. */
  readonly timeoutMs?: number
  /** Ends the call with ABORTED, whose `cause` is the reason of the signal. */
  readonly signal?: AbortSignal
}

/** Limits of `assign`, and what is wanted of the queues. */
export interface AssignOptions extends CallOptions {
  /** As for `subscribe`; default all messages. */
  readonly expression?: SubscriptionExpression
}

/** Limits of `commit`, and when it counts. */
export interface CommitOptions extends CallOptions {
  /** False: offsets are noted, and written down within `persistConsumerOffsetIntervalMs`; default true, now. */
  readonly persist?: boolean
}
