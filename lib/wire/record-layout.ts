import { SYS_FLAG } from '../model/sys-flag'
import { V4_HOST_BYTES, V6_HOST_BYTES } from './host-address'

/** Magic of records whose topic length takes one byte, and of those where it takes two (topics above 127 bytes). */
export const MAGIC = { V1: -626843481, V2: -626843477 } as const

/**
 * Positions in a stored record (Java `MessageDecoder`); `b` and `s` are the lengths of born host and store host, 8 or 20:
 * 0 totalSize, 4 magic, 8 bodyCRC, 12 queueId, 16 flag, 20 queueOffset, 28 commitLogOffset, 36 sysFlag, 40 bornTimestamp,
 * 48 bornHost, 48+b storeTimestamp, 56+b storeHost, 56+b+s reconsumeTimes, 60+b+s preparedTransactionOffset,
 * 68+b+s bodyLength, 72+b+s body, then topic and properties with their lengths.
 */
export const RECORD = {
  MAGIC: 4,
  BODY_CRC: 8,
  QUEUE_ID: 12,
  FLAG: 16,
  QUEUE_OFFSET: 20,
  COMMIT_LOG_OFFSET: 28,
  SYS_FLAG: 36,
  BORN_TIMESTAMP: 40,
  BORN_HOST: 48,
  /** Bytes before the body when both hosts are IPv4. */
  HEAD_V4: 88,
} as const

/** Positions in a record counted back from its body. */
export const BEFORE_BODY = { RECONSUME_TIMES: 16, PREPARED_TRANSACTION_OFFSET: 12, BODY_LENGTH: 4 } as const

/** Bytes of the host that a message was sent from, with its port. */
export const bornHostBytes = (sysFlag: number): number =>
  (sysFlag & SYS_FLAG.BORN_HOST_V6) === 0 ? V4_HOST_BYTES : V6_HOST_BYTES
/** Bytes of the host that a message is stored on, with its port. */
export const storeHostBytes = (sysFlag: number): number =>
  (sysFlag & SYS_FLAG.STORE_HOST_V6) === 0 ? V4_HOST_BYTES : V6_HOST_BYTES

/** Where the variable parts of a record stand; the decoder has checked that all of them lie inside it. */
export interface RecordLayout {
  readonly start: number
  readonly end: number
  readonly bodyStart: number
  readonly bodyEnd: number
  readonly topicStart: number
  readonly topicEnd: number
  readonly propertiesStart: number
  readonly propertiesEnd: number
}

/** The layout of the same record where it starts at 0. */
export function layoutFromZero(layout: RecordLayout): RecordLayout {
  const { start } = layout
  return {
    start: 0,
    end: layout.end - start,
    bodyStart: layout.bodyStart - start,
    bodyEnd: layout.bodyEnd - start,
    topicStart: layout.topicStart - start,
    topicEnd: layout.topicEnd - start,
    propertiesStart: layout.propertiesStart - start,
    propertiesEnd: layout.propertiesEnd - start,
  }
}
