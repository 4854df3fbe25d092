/** User properties of a message. Names and values are non-empty text without \u0001 and \u0002. */
export type MessageProperties = Readonly<Record<string, string>>

/** A message to send. The object is never changed by the library. */
export interface Message {
  /** Topic that it is sent to. */
  readonly topic: string
  /** Never empty; at most `maxMessageSize` bytes. Text is encoded as `encoding` says. */
  readonly body: Buffer | Uint8Array | string
  /** Encoding of a text body, any name iconv-lite knows, such as `gbk`; default `utf8`. */
  readonly encoding?: string
  /** The one tag that consumers filter by. */
  readonly tags?: string
  /** Index keys for later queries, joined by a space on the wire. */
  readonly keys?: string | readonly string[]
  /** Properties of the application's own. */
  readonly properties?: MessageProperties
  /** A 32-bit integer of the application's own, carried as it is; default 0. */
  readonly flag?: number
  /** Delay level 1 to 18 (1 s to 2 h) of the broker's `messageDelayLevel`; needs no particular version. */
  readonly delayTimeLevel?: number
  /** Deliver this many milliseconds from now (timer message); brokers from 5.0. */
  readonly delayMs?: number
  /** Deliver at this time, milliseconds since 1970 UTC or a Date (timer message); brokers from 5.0. */
  readonly deliverAt?: number | Date
  /** Messages with the same sharding key go to the same queue (RocketMQ `__SHARDINGKEY`). */
  readonly shardingKey?: string
  /** Priority, 0 and up, for topics of type PRIORITY; brokers from 5.5. */
  readonly priority?: number
  /** Name of the lite topic below `topic`, a topic of type LITE; brokers from 5.5 (RocketMQ `__LITE_TOPIC`). */
  readonly liteTopic?: string
  /** RocketMQ `BUYER_ID`, for unitised deployments. */
  readonly buyerId?: string
  /** False: the broker need not wait for its flush and replication; default true (RocketMQ `WAIT`). */
  readonly waitStoreMsgOK?: boolean
}

/** A received message: a readonly view over the frame it came in. Keep `copy()`, not the message itself. */
export interface MessageExt {
  /** Topic that it was sent to. */
  readonly topic: string
  /** Decompressed. A view over the received frame; `copy()` detaches it. */
  readonly body: Buffer
  /** Its tag; undefined without one. */
  readonly tags: string | undefined
  /** Its index keys; empty without any. */
  readonly keys: readonly string[]
  /** All properties, system ones included. */
  readonly properties: MessageProperties
  /** The sender's unique id (`UNIQ_KEY`), equal for all retries of the message; `offsetMsgId` where there is none. */
  readonly msgId: string
  /** The broker's id of this copy: store host and commit-log offset. */
  readonly offsetMsgId: string
  /** Name of the broker that stores it. */
  readonly brokerName: string
  /** Number of its queue on that broker. */
  readonly queueId: number
  /** Offset in its queue. */
  readonly queueOffset: number
  /** Offset in the broker's commit log, bytes. */
  readonly commitLogOffset: number
  /** Milliseconds since 1970 UTC. */
  readonly bornTimestamp: number
  /** `host:port` of the sender as the broker saw it. */
  readonly bornHost: string
  /** Milliseconds since 1970 UTC. */
  readonly storeTimestamp: number
  /** Broker that stored it, `host:port`. */
  readonly storeHost: string
  /** How often it was handed out before and sent back. */
  readonly reconsumeTimes: number
  /** The 32-bit integer that it was sent with. */
  readonly flag: number
  /** RocketMQ's bits: compression, kind of transaction, IPv6 hosts. */
  readonly sysFlag: number
  /** CRC-32 of the body as it was stored. */
  readonly bodyCRC: number
  /** Of a committed transaction: commit-log offset of its half message; else 0. */
  readonly preparedTransactionOffset: number
  /** Id of its transaction; undefined where it is of none. */
  readonly transactionId: string | undefined
  /** Delay level that it was sent with; 0 without. */
  readonly delayTimeLevel: number
  /** Its sharding key; undefined without one. */
  readonly shardingKey: string | undefined
  /** Size of the stored record, bytes. */
  readonly storeSize: number
  /** The body as text; default UTF-8, else any encoding iconv-lite knows. */
  text(encoding?: string): string
  /** The body parsed as JSON. The type is the caller's claim; nothing checks it. */
  json<T = unknown>(): T
  /** A message of its own memory, to be kept as long as one likes. */
  copy(): MessageExt
  /** Plain data with the body as base64 text. */
  toJSON(): Record<string, unknown>
}
