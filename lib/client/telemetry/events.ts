import type { MessageModel } from '../../model/consumer-types'
import type { Message, MessageExt } from '../../model/message'
import type { MessageQueue } from '../../model/message-queue'
import type { SendResult } from '../../model/results'

/** What every event of the tracing channels tells. One object goes through all channels of an operation. */
export interface DiagnosticsEvent {
  /** The producer or consumer group. */
  readonly group: string
  /** Id of the client, as brokers know it. */
  readonly clientId: string
  /** Version 1 or 2; empty where there is none. */
  readonly namespace: string
  /** `host:port` of a broker's master, as routes tell it at the moment. */
  brokerAddress(brokerName: string): string | undefined
  /** May be set by a subscriber of `start`: the operation is called within it, such as to have something active meanwhile. */
  within?: <T>(call: () => T) => T
  /** Set when the operation has failed. */
  readonly error?: unknown
}

/** Of `rocketwire:send`: a send in any form, that of a half message, a request or a reply included, with all its tries. */
export interface SendEvent extends DiagnosticsEvent {
  /** Tells these events from those of other channels. */
  readonly operation: 'send'
  /** `SYNC` for `send`, `ASYNC` for `sendAsync`, `ONEWAY` for `sendOneway`. */
  readonly mode: 'SYNC' | 'ASYNC' | 'ONEWAY'
  /** A subscriber of `start` may put another one in its place, such as one with more properties; never change the object itself. */
  message: Message | readonly Message[]
  /** Set when the broker has answered; never for oneway sends. */
  readonly result?: SendResult
}

/** Of `rocketwire:process`: a call of a push consumer's listener, with its interceptors. */
export interface ProcessEvent extends DiagnosticsEvent {
  /** Tells these events from those of other channels. */
  readonly operation: 'process'
  /** How the consumer keeps order, as `consume` was told. */
  readonly ordered: 'none' | 'queue' | 'key'
  /** Whether the group shares its messages or each member gets all. */
  readonly messageModel: MessageModel
  /** The messages of the call: one, unless `batchSize` is larger. */
  readonly messages: readonly MessageExt[]
  /** The queue that they came from; for retried ones a queue of the group's retry topic. */
  readonly messageQueue: MessageQueue
  /** Set when the listener has ended: a status of the listener's kind, or an object with it. */
  readonly result?: string | { readonly status: string }
}

/** Of `rocketwire:receive`: a call that asks for messages, by a simple, lite pull or pull consumer. */
export interface ReceiveEvent extends DiagnosticsEvent {
  /** The call: `receive` of a simple, `poll` of a lite pull, `pull` of a pull consumer. */
  readonly operation: 'receive' | 'poll' | 'pull'
  /** Set before `asyncStart`: what was received, often nothing. */
  messages: readonly MessageExt[]
}

/** Of a settle event: how a transaction ended. */
export interface SettledTransaction {
  /** Id of the transaction, the same in every check. */
  readonly transactionId: string
  /** What was sent; where a broker asked, the half message that it sent along. */
  readonly message: Message | MessageExt
  /** The message's unique id. */
  readonly msgId: string
  /** How the local transaction ended. */
  readonly state: 'COMMIT_MESSAGE' | 'ROLLBACK_MESSAGE' | 'UNKNOW'
  /** True where a broker asked. */
  readonly fromTransactionCheck: boolean
}

/** Of `rocketwire:settle`: brokers are told what became of messages, by a call or by a client of its own accord. */
export interface SettleEvent extends DiagnosticsEvent {
  /** What they are told; the names are those of the calls, also where a push consumer tells it. */
  readonly operation: 'ack' | 'changeInvisibleDuration' | 'sendMessageBack' | 'commit' | 'endTransaction'
  /** Of a commit none: it is for queues. Of a transaction none: see there. */
  readonly messages: readonly MessageExt[]
  /** Of a commit the queues. */
  readonly messageQueues: readonly MessageQueue[]
  /** Of `endTransaction`. */
  readonly transaction?: SettledTransaction
}

/** Of `rocketwire:request`: a request of a producer until its reply; its message is a `rocketwire:send` of its own. */
export interface RequestEvent extends DiagnosticsEvent {
  /** Tells these events from those of other channels. */
  readonly operation: 'request'
  /** The message that asks. */
  readonly message: Message
  /** The reply, when it has come. */
  readonly result?: MessageExt
}

/** Names of the tracing channels, without `rocketwire:`, and what they tell. */
export interface DiagnosticsEvents {
  /** Sends in any form. */
  send: SendEvent
  /** Calls of the listeners of push consumers. */
  process: ProcessEvent
  /** Calls that ask for messages. */
  receive: ReceiveEvent
  /** Calls that tell what became of messages. */
  settle: SettleEvent
  /** Requests of producers until their reply. */
  request: RequestEvent
}

/** A tracing channel without its `rocketwire:`. */
export type DiagnosticsChannel = keyof DiagnosticsEvents
