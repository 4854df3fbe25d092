import type { ConsumerData } from '../commands/heartbeat-data'
import type { RocketMQError } from '../errors'
import type { CallOptions } from '../remoting/remoting-client'

interface MemberBase {
  /** Topics whose routes it needs. */
  topics(): Iterable<string>
  /** A route has changed. */
  onRouteChanged?(topic: string): void
  /** A connection to a server has closed. */
  onDisconnected?(address: string): void
  /** A broker was connected to again after its connection had closed. */
  onReconnected?(): void
  /** Something failed that no call waits for. */
  onBackgroundError(error: RocketMQError): void
}

/** A producer of a client. */
export interface ProducerMember extends MemberBase {
  readonly kind: 'producer'
  readonly group: string
}

/** A consumer of a client. */
export interface ConsumerMember extends MemberBase {
  readonly kind: 'consumer'
  readonly group: string
  /** What heartbeats tell of it. */
  consumerData(): ConsumerData
  /** Rejects where brokers cannot do what it needs; asked before any of them hears of it. */
  checkBrokers?(call: CallOptions): Promise<void>
}

/** Uses routes and connections; brokers do not hear of it. */
export interface AdminMember extends MemberBase {
  readonly kind: 'admin'
  readonly group: string
}

/** What shares a client. */
export type Member = ProducerMember | ConsumerMember | AdminMember
