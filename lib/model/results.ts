import type { MessageExt } from './message'
import type { MessageQueue } from './message-queue'

/**
 * What the broker said of an accepted message: all but `SEND_OK` mean it is stored with weaker durability. `SPOOLED`, only
 * with the option `outbox`: no broker has accepted it, it waits on the local disk, and there is no `offsetMsgId`, queue or
 * offset yet (`''` and -1).
 */
export type SendStatus = 'SEND_OK' | 'FLUSH_DISK_TIMEOUT' | 'FLUSH_SLAVE_TIMEOUT' | 'SLAVE_NOT_AVAILABLE' | 'SPOOLED'

/** The broker's answer to a send. */
export interface SendResult {
  /** Whether it is stored as safely as was asked for. */
  readonly sendStatus: SendStatus
  /** The unique id made by this client; for a batch the ids joined by commas. */
  readonly msgId: string
  /** The broker's id, store host and commit-log offset; for a batch joined by commas. */
  readonly offsetMsgId: string
  /** Where the message went; the queue id is the broker's answer. */
  readonly messageQueue: MessageQueue
  /** Offset in that queue; of the first message for a batch. */
  readonly queueOffset: number
  /** Of a half message: id of its transaction. */
  readonly transactionId?: string
  /** For timer messages of brokers from 5.3.2: what recalls them. */
  readonly recallHandle?: string
  /** Region of the broker; `DefaultRegion` where it tells none. */
  readonly regionId: string
  /** Whether the broker takes traces. */
  readonly traceOn: boolean
  /** Where a batch had to be split by size: the result of each part, in order. */
  readonly results?: readonly SendResult[]
}

/**
 * What a pull came to. `FOUND`: there are messages. `NO_NEW_MSG`: the queue has none at or after the offset yet.
 * `NO_MATCHED_MSG`: it has, and none that was asked for. `OFFSET_ILLEGAL`: it begins after the offset, or ends before it.
 */
export type PullStatus = 'FOUND' | 'NO_NEW_MSG' | 'NO_MATCHED_MSG' | 'OFFSET_ILLEGAL'

/** The broker's answer to a pull. */
export interface PullResult {
  /** What it came to. */
  readonly status: PullStatus
  /** Where the next pull goes on. */
  readonly nextBeginOffset: number
  /** The oldest offset of the queue, and the one that its next message will get. */
  readonly minOffset: number
  /** The offset that the next message of the queue will get. */
  readonly maxOffset: number
  /** Empty unless the status is `FOUND`. */
  readonly messages: readonly MessageExt[]
}
