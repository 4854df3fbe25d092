import type { RocketMQError } from '../../errors'
import type { MessageQueue } from '../../model/message-queue'
import type { LagAlarm } from '../lag/lag-alarms'

/** Events of a lite pull consumer. */
export interface LitePullConsumerEvents {
  /** Queues were taken, where the group shares them. */
  assigned: [queues: readonly MessageQueue[]]
  /** Queues were given back; what was in hand of them is dropped. */
  revoked: [queues: readonly MessageQueue[]]
  /** A topic that is watched has other queues than before. */
  messageQueuesChanged: [topic: string, queues: readonly MessageQueue[]]
  /** A threshold of `lagThresholds` was passed, or is kept again. */
  lag: [alarm: LagAlarm]
  /** Something failed that no call waits for: a pull, a heartbeat, an offset that could not be written down. */
  backgroundError: [error: RocketMQError]
}
