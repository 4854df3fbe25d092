import { RocketMQError } from '../errors'
import { SYS_FLAG } from '../model/sys-flag'
import { MAX_PROPERTIES_BYTES } from './batch-body'
import { crc32 } from './crc32'
import { hostBytes, V6_HOST_BYTES } from './host-address'
import { writeInt64 } from './int64'
import { MAGIC, RECORD } from './record-layout'

/** All that a stored record holds. */
export interface StoredRecord {
  readonly topic: string
  readonly body: Uint8Array
  /** The text of the properties. */
  readonly properties: string
  readonly queueId: number
  readonly queueOffset: number
  readonly commitLogOffset: number
  /** The bits for IPv6 hosts are set by the encoder. */
  readonly sysFlag: number
  readonly bornTimestamp: number
  /** `ip:port`, or the bytes that `hostBytes` makes of it. */
  readonly bornHost: string | Buffer
  readonly storeTimestamp: number
  readonly storeHost: string | Buffer
  readonly flag?: number
  readonly reconsumeTimes?: number
  readonly preparedTransactionOffset?: number
  /** Computed where it is left out. */
  readonly bodyCRC?: number
}

/** Topics of more bytes need the second version of the record. */
const MAX_V1_TOPIC_BYTES = 127
const MAX_TOPIC_BYTES = 32_767
/** Without hosts, topic and properties: the head, and the lengths of the two texts, of which the topic's is one byte in v1. */
const FIXED_BYTES = 72 + 2

/**
 * A stored record (Java `MessageDecoder.encode`); version 2 where the topic is longer than 127 bytes.
 * @throws RocketMQError INVALID_MESSAGE where topic or properties are too long
 */
export function encodeStoredMessage(record: StoredRecord): Buffer {
  const bornHost = typeof record.bornHost === 'string' ? hostBytes(record.bornHost) : record.bornHost
  const storeHost = typeof record.storeHost === 'string' ? hostBytes(record.storeHost) : record.storeHost
  const topicBytes = checkedBytes(record.topic, 'topic', MAX_TOPIC_BYTES)
  const propertiesBytes = checkedBytes(record.properties, 'properties', MAX_PROPERTIES_BYTES)
  const lengthBytes = topicBytes > MAX_V1_TOPIC_BYTES ? 2 : 1
  const size =
    FIXED_BYTES + bornHost.length + storeHost.length + record.body.length + lengthBytes + topicBytes + propertiesBytes
  const target = Buffer.allocUnsafe(size)
  let at = writeHead(target, record, { bornHost, storeHost, magic: lengthBytes === 1 ? MAGIC.V1 : MAGIC.V2 })
  at = target.writeInt32BE(record.body.length, at)
  target.set(record.body, at)
  at += record.body.length
  at = lengthBytes === 1 ? target.writeUInt8(topicBytes, at) : target.writeInt16BE(topicBytes, at)
  at += target.write(record.topic, at)
  at = target.writeInt16BE(propertiesBytes, at)
  target.write(record.properties, at)
  return target
}

/** Writes everything before the body's length and returns where that stands. */
function writeHead(
  target: Buffer,
  record: StoredRecord,
  { bornHost, storeHost, magic }: { bornHost: Buffer; storeHost: Buffer; magic: number },
): number {
  target.writeInt32BE(target.length, 0)
  target.writeInt32BE(magic, RECORD.MAGIC)
  target.writeInt32BE(record.bodyCRC ?? crc32(record.body), RECORD.BODY_CRC)
  target.writeInt32BE(record.queueId, RECORD.QUEUE_ID)
  target.writeInt32BE(record.flag ?? 0, RECORD.FLAG)
  writeInt64(target, record.queueOffset, RECORD.QUEUE_OFFSET)
  writeInt64(target, record.commitLogOffset, RECORD.COMMIT_LOG_OFFSET)
  target.writeInt32BE(withHostBits(record.sysFlag, bornHost, storeHost), RECORD.SYS_FLAG)
  let at = writeInt64(target, record.bornTimestamp, RECORD.BORN_TIMESTAMP)
  at += bornHost.copy(target, at)
  at = writeInt64(target, record.storeTimestamp, at)
  at += storeHost.copy(target, at)
  at = target.writeInt32BE(record.reconsumeTimes ?? 0, at)
  return writeInt64(target, record.preparedTransactionOffset ?? 0, at)
}

function withHostBits(sysFlag: number, bornHost: Buffer, storeHost: Buffer): number {
  const born = bornHost.length === V6_HOST_BYTES ? SYS_FLAG.BORN_HOST_V6 : 0
  const store = storeHost.length === V6_HOST_BYTES ? SYS_FLAG.STORE_HOST_V6 : 0
  return (sysFlag & ~(SYS_FLAG.BORN_HOST_V6 | SYS_FLAG.STORE_HOST_V6)) | born | store
}

function checkedBytes(text: string, what: string, maxBytes: number): number {
  const bytes = Buffer.byteLength(text)
  if (bytes <= maxBytes) return bytes
  throw new RocketMQError('INVALID_MESSAGE', `the ${what} of a message may take ${maxBytes} bytes, not ${bytes}`)
}
