/**
 * Text fields of a frame's header. A null is what Java reads from an explicit null or an empty binary value; nulls are
 * never written. Look up known names only: the object may come from the wire.
 */
export type ExtFields = Record<string, string | null>

/** Form of the header of a frame. */
export type SerializeType = 'JSON' | 'ROCKETMQ'

/** What a frame is written from (Java `RemotingCommand`). */
export interface OutgoingCommand {
  readonly code: number
  /** Name of the sender's language. */
  readonly language: string
  /** The sender's MQVersion ordinal. */
  readonly version: number
  /** Correlates request and response on one connection. */
  readonly opaque: number
  readonly flag: number
  readonly remark?: string | undefined
  readonly extFields?: ExtFields | undefined
  readonly body?: Uint8Array | undefined
  readonly serializeType: SerializeType
}

/** What a frame was read to. */
export interface RemotingCommand {
  /** Of a request its kind, of a response the outcome. */
  readonly code: number
  /** Undefined where the peer sent a language that is not known. */
  readonly language: string | undefined
  /** Ordinal of the sender's RocketMQ version. */
  readonly version: number
  /** Tells which request a response is for. */
  readonly opaque: number
  /** Bits: 1 for a response, 2 for a request without one. */
  readonly flag: number
  /** Words of the one who answers. */
  readonly remark: string | undefined
  /** Fields of the header; undefined without any. */
  readonly extFields: ExtFields | undefined
  /** A view over the received bytes; empty where the frame has no body. */
  readonly body: Buffer
  /** How the header is written. */
  readonly serializeType: SerializeType
}

/** Bit of a frame that is an answer. */
export const FLAG_RESPONSE = 1
/** Bit of a request that wants no answer. */
export const FLAG_ONEWAY = 2

/** The body of a frame that has none. */
export const EMPTY_BODY: Buffer = Buffer.alloc(0)

/** Frames above this make Java's decoder close the connection; the limit holds in both directions here too. */
export const MAX_FRAME_BYTES = 16_777_216
/**
 * Largest body of a message. The rest of its frame is for the header: brokers take 32767 bytes of properties, which JSON makes
 * at most six times as long.
 */
export const MAX_MESSAGE_BYTES = MAX_FRAME_BYTES - 262_144

/** True for an answer. */
export const isResponse = (command: { flag: number }): boolean => (command.flag & FLAG_RESPONSE) !== 0
/** True for a request that wants no answer. */
export const isOneway = (command: { flag: number }): boolean => (command.flag & FLAG_ONEWAY) !== 0
