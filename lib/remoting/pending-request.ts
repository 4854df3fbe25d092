import type { AnyCommand, FrameContent } from '../commands/command'
import type { RocketMQError } from '../errors'
import type { RemotingCommand } from '../wire/remoting-command'
import { type Deadline, NOT_LISTED } from './deadline-list'

/** Where a request waits. */
export interface RequestHolder {
  /** Takes a waiting request back: its reply, should it come, is dropped. */
  forget(entry: PendingRequest): void
}

/**
 * A request that waits for its reply: the entry of a channel's pending table itself, so that nothing is made per hop.
 * Exactly one of `onReply` and `onFailure` is called, once, unless the entry was taken back with `Channel.forget`.
 */
export interface PendingRequest extends Deadline {
  readonly command: AnyCommand
  readonly content: FrameContent
  /** Set by the channel. */
  opaque: number
  /** Monotonic time of writing, ms; set by the channel. */
  sentAt: number
  /** The channel that holds the entry; set by the channel. */
  channel: RequestHolder | undefined
  /** Set after a GO_AWAY was answered by a second try; another one is a failure. */
  redirected: boolean
  /** True once its owner wants no answer any more; it is then not sent again. */
  readonly settled: boolean
  onReply(frame: RemotingCommand): void
  /** The error's `sent` tells whether the peer may have seen the request. */
  onFailure(error: RocketMQError): void
}

/** The fields that the channel and its deadline list fill in, to start with. */
export const UNSENT = {
  opaque: 0,
  sentAt: 0,
  channel: undefined,
  redirected: false,
  deadlineAt: 0,
  deadlineSlot: NOT_LISTED,
  previousDeadline: undefined,
  nextDeadline: undefined,
} as const
