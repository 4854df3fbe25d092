import type { RocketMQError } from '../errors'
import type { OutboxStats } from './outbox/outbox-stats'
import type { LifecycleState } from '../runtime/lifecycle'
import type { AvoidedBroker } from '../sending/broker-faults'
import type { TraceStats } from '../sending/trace-writer'

/** Events of a producer. */
export interface ProducerEvents {
  /** Something failed that no call waits for: a heartbeat, a route, a callback of the user's that threw. */
  backgroundError: [error: RocketMQError]
}

/** A snapshot of what a producer is doing. */
export interface ProducerStats {
  /** Where in its life it is, from `created` to `stopped` or `failed`. */
  readonly state: LifecycleState
  /** Messages sent and not yet answered, and the bytes of their bodies. */
  readonly inFlight: number
  /** Bytes of their bodies. */
  readonly inFlightBytes: number
  /** Messages and batches that wait their turn, for `maxInFlight`, `maxInFlightBytes` or `rateLimit`. */
  readonly waiting: number
  /** Requests that wait for their reply. */
  readonly requests: number
  /** Replies that came too late, twice or for nobody, to any producer that shares the connections of this one. */
  readonly lateReplies: number
  /** Answers of servers that nobody waited for any more, to any client that shares the connections of this one: they came too late. */
  readonly strayReplies: number
  /** With `sendLatencyFaultEnable`: brokers that were slow or failed lately, and are avoided where others will do. */
  readonly avoidedBrokers: readonly AvoidedBroker[]
  /** Undefined where nothing is traced, and before `start`. */
  readonly trace: TraceStats | undefined
  /** Undefined where there is no outbox, and before `start`. */
  readonly outbox: OutboxStats | undefined
}
