import type { ReplyOf } from '../../commands/command'
import type { POP_MESSAGE } from '../../commands/pop'

/** The answer of a broker to a pop. */
export type PopReply = ReplyOf<typeof POP_MESSAGE>

/** What was popped. */
export interface PopQuestion {
  /** Who popped. */
  readonly consumerGroup: string
  readonly brokerName: string
  /** The topic that was popped, as listeners are to see it: never a retry topic. */
  readonly topic: string
  /** True where it was popped in order. */
  readonly order: boolean
}
