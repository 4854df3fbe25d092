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
  /** Region of the broker; `DefaultRegion` where it tells none. */
  readonly regionId: string
  /** The producer or consumer group. */
  readonly group: string
}

/** A message was sent. */
export interface PubTrace extends TraceOfClient {
  /** Tells the kinds of trace apart, as RocketMQ names them. */
  readonly type: 'Pub'
  /** Topic of the message. */
  readonly topic: string
  /** Its tag; undefined without one. */
  readonly tags: string | undefined
  /** Broker that stored it, `host:port`. */
  readonly storeHost: string
  /** Size of the body, bytes. */
  readonly bodyLength: number
  /** How long the send took, ms. */
  readonly costMs: number
  /** What kind of message it is. */
  readonly msgType: TraceMessageType
  /** Undefined where an old client wrote the trace. */
  readonly offsetMsgId: string | undefined
  /** Whether the broker took the message. */
  readonly success: boolean
  /** Address of the producer, where its client writes that. */
  readonly clientHost?: string
}

/** A listener is about to get a message. */
export interface SubBeforeTrace extends TraceOfClient {
  /** Tells the kinds of trace apart, as RocketMQ names them. */
  readonly type: 'SubBefore'
  /** The same in the trace of its end. */
  readonly requestId: string
  /** Failures of the message before. */
  readonly retryTimes: number
  /** Address of the consumer, where its client writes that. */
  readonly clientHost?: string
}

/** A listener has ended. */
export interface SubAfterTrace extends TraceOfMessage {
  /** Tells the kinds of trace apart, as RocketMQ names them. */
  readonly type: 'SubAfter'
  /** The same in the trace of its beginning. */
  readonly requestId: string
  /** How long the call took, ms, divided by its messages. */
  readonly costMs: number
  /** Whether the listener handled the message. */
  readonly success: boolean
  /** How the call of the listener ended. */
  readonly outcome: TraceConsumeOutcome
  /** Undefined where an old client wrote the trace, or one of the cloud. */
  readonly timestamp: number | undefined
  /** The consumer group; undefined where an old client wrote the trace. */
  readonly group: string | undefined
}

/** A transaction was ended. */
export interface EndTransactionTrace extends TraceOfClient {
  /** Tells the kinds of trace apart, as RocketMQ names them. */
  readonly type: 'EndTransaction'
  /** Topic of the message. */
  readonly topic: string
  /** Its tag; undefined without one. */
  readonly tags: string | undefined
  /** Broker that has the half message, `host:port`. */
  readonly storeHost: string
  /** What kind of message it is. */
  readonly msgType: TraceMessageType
  /** Id of the transaction; undefined where the trace has none. */
  readonly transactionId: string | undefined
  /** How it ended, by Java's name: `COMMIT_MESSAGE`, `ROLLBACK_MESSAGE` or `UNKNOW`. */
  readonly transactionState: string
  /** True where a broker had asked for the outcome. */
  readonly fromTransactionCheck: boolean
}

/** A timer message was called back. */
export interface RecallTrace extends TraceOfClient {
  /** Tells the kinds of trace apart, as RocketMQ names them. */
  readonly type: 'Recall'
  /** Topic of the message. */
  readonly topic: string
  /** Whether the broker called it back. */
  readonly success: boolean
}

/** One line of the story of a message, as RocketMQ's own clients write it. */
export type Trace = PubTrace | SubBeforeTrace | SubAfterTrace | EndTransactionTrace | RecallTrace
