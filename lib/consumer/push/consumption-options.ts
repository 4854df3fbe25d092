import type { ClientInstance } from '../../client/client-instance'
import type { Telemetry } from '../../client/telemetry/telemetry'
import type { RocketMQError } from '../../errors'
import type { MessageExt } from '../../model/message'
import type { MessageQueue } from '../../model/message-queue'
import type { LagAlarm } from '../lag/lag-alarms'
import type { Subscriptions } from '../rebalance/subscriptions'
import type { Listener } from './listener'
import type { ResolvedPushConsumerOptions } from './push-consumer-options'

/** What a running push consumer tells. */
export interface ConsumptionEvents {
  readonly onAssigned: (queues: readonly MessageQueue[]) => void
  readonly onRevoked: (queues: readonly MessageQueue[]) => void
  readonly onListenerError: (error: Error, messages: readonly MessageExt[]) => void
  readonly onLag: (alarm: LagAlarm) => void
  readonly onBackgroundError: (error: RocketMQError) => void
}

export interface ConsumptionOptions {
  readonly client: ClientInstance
  readonly options: ResolvedPushConsumerOptions
  readonly listener: Listener
  readonly subscriptions: Subscriptions
  readonly events: ConsumptionEvents
  readonly telemetry: Pick<Telemetry, 'wants' | 'run'>
}
