import type { MessageQueue } from './message-queue'

/** What the broker said of an accepted message: all but `SEND_OK` mean it is stored with weaker durability. */
export type SendStatus = 'SEND_OK' | 'FLUSH_DISK_TIMEOUT' | 'FLUSH_SLAVE_TIMEOUT' | 'SLAVE_NOT_AVAILABLE'

/** The broker's answer to a send. */
export interface SendResult {
  readonly sendStatus: SendStatus
  /** The unique id made by this client; for a batch the ids joined by commas. */
  readonly msgId: string
  /** The broker's id, store host and commit-log offset; for a batch joined by commas. */
  readonly offsetMsgId: string
  /** Where the message went; the queue id is the broker's answer. */
  readonly messageQueue: MessageQueue
  /** Offset in that queue; of the first message for a batch. */
  readonly queueOffset: number
  readonly transactionId?: string
  /** For timer messages of brokers from 5.3.2: what recalls them. */
  readonly recallHandle?: string
  readonly regionId: string
  readonly traceOn: boolean
  /** Where a batch had to be split by size: the result of each part, in order. */
  readonly results?: readonly SendResult[]
}
