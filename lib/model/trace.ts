/** Kinds of message, at the ordinals by which traces name them. */
export const TRACE_MESSAGE_TYPES = [
  'Normal_Msg',
  'Trans_Msg_Half',
  'Trans_msg_Commit',
  'Delay_Msg',
  'Order_Msg',
] as const

/** Brokers that do not tell their region are of this one. */
export const DEFAULT_REGION = 'DefaultRegion'

/** What kind of message was sent. */
export type TraceMessageType = (typeof TRACE_MESSAGE_TYPES)[number]

/** How consumption ended, at the ordinals by which traces name it (Java `ConsumeReturnType`). */
export const TRACE_CONSUME_OUTCOMES = ['SUCCESS', 'TIME_OUT', 'EXCEPTION', 'RETURNNULL', 'FAILED'] as const

/** How consumption ended. */
export type TraceConsumeOutcome = (typeof TRACE_CONSUME_OUTCOMES)[number]

interface TraceOfMessage {
  /** Unique id of the message. */
  readonly msgId: string
  /** Its keys, joined by spaces; undefined without any. */
  readonly keys: string | undefined
}

interface TraceOfClient extends TraceOfMessage {
  /** When, ms since 1970. */
  readonly timestamp: number
  readonly regionId: string
  /** The producer or consumer group. */
  readonly group: string
}

/** A message was sent. */
export interface PubTrace extends TraceOfClient {
  readonly type: 'Pub'
  readonly topic: string
  readonly tags: string | undefined
  /** Broker that stored it, `host:port`. */
  readonly storeHost: string
  readonly bodyLength: number
  /** How long the send took, ms. */
  readonly costMs: number
  readonly msgType: TraceMessageType
  /** Undefined where an old client wrote the trace. */
  readonly offsetMsgId: string | undefined
  readonly success: boolean
  /** Address of the producer, where its client writes that. */
  readonly clientHost?: string
}

/** A listener is about to get a message. */
export interface SubBeforeTrace extends TraceOfClient {
  readonly type: 'SubBefore'
  /** The same in the trace of its end. */
  readonly requestId: string
  /** Failures of the message before. */
  readonly retryTimes: number
  readonly clientHost?: string
}

/** A listener has ended. */
export interface SubAfterTrace extends TraceOfMessage {
  readonly type: 'SubAfter'
  readonly requestId: string
  /** How long the call took, ms, divided by its messages. */
  readonly costMs: number
  readonly success: boolean
  readonly outcome: TraceConsumeOutcome
  /** Undefined where an old client wrote the trace, or one of the cloud. */
  readonly timestamp: number | undefined
  readonly group: string | undefined
}

/** A transaction was ended. */
export interface EndTransactionTrace extends TraceOfClient {
  readonly type: 'EndTransaction'
  readonly topic: string
  readonly tags: string | undefined
  readonly storeHost: string
  readonly msgType: TraceMessageType
  readonly transactionId: string | undefined
  readonly transactionState: string
  /** True where a broker had asked for the outcome. */
  readonly fromTransactionCheck: boolean
}

/** A timer message was called back. */
export interface RecallTrace extends TraceOfClient {
  readonly type: 'Recall'
  readonly topic: string
  readonly success: boolean
}

/** One line of the story of a message, as RocketMQ's own clients write it. */
export type Trace = PubTrace | SubBeforeTrace | SubAfterTrace | EndTransactionTrace | RecallTrace
