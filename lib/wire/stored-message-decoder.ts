import { RocketMQError } from '../errors'
import { V4_HOST_BYTES } from './host-address'
import { int32At } from './int32'
import { BEFORE_BODY, bornHostBytes, MAGIC, RECORD, type RecordLayout, storeHostBytes } from './record-layout'
import { type MessageContext, StoredMessage } from './stored-message'
import { unreadable } from './unreadable'

/** Head, topic length and properties length of the smallest record. */
const MIN_RECORD_BYTES = RECORD.HEAD_V4 + 3
/** The upper halves of 64-bit integers that a number can hold lie between its negative and itself. */
const SAFE_UPPER_HALF = 0x20_0000
const MAX_PORT = 65_535

/** The messages of a pull reply. */
export interface DecodedMessages {
  /** In the order of the records; those that cannot be read say so in `unreadable`. */
  readonly messages: StoredMessage[]
  /** Set where bytes could not even be told apart as a message: some are missing from `messages`. */
  readonly damage: RocketMQError | undefined
  /** How many of `messages` stand before the damage; all of them where there is none. */
  readonly intact: number
}

/**
 * Cuts stored records, one behind the other, into messages. Each is a view; its parts are checked once and read when asked
 * for. Steps by the size of each record, so that one that cannot be read does not lose those after it.
 */
export function decodeStoredMessages(source: Buffer, context: MessageContext): DecodedMessages {
  const messages: StoredMessage[] = []
  let damage: RocketMQError | undefined
  let intact: number | undefined
  for (let start = 0; start < source.length;) {
    const left = source.length - start
    const size = left < MIN_RECORD_BYTES ? 0 : int32At(source, start)
    if (size < MIN_RECORD_BYTES || size > left) {
      damage ??= lost(`${left} bytes from ${start} on are no stored message`)
      return { messages, damage, intact: intact ?? messages.length }
    }
    const end = start + size
    if (hasHead(source, start, end)) {
      const layout = layoutOf(source, start, end)
      messages.push(
        layout === undefined
          ? unreadableMessage(source, { start, end }, context)
          : new StoredMessage(source, layout, context),
      )
    } else {
      damage ??= lost(`the stored message at ${start} has no readable head`)
      intact ??= messages.length
    }
    start = end
  }
  return { messages, damage, intact: intact ?? messages.length }
}

/** Whether the record has its fixed fields and a queue offset that can be told. */
function hasHead(source: Buffer, start: number, end: number): boolean {
  return bodyStartOf(source, start) <= end && isSafe(source, start + RECORD.QUEUE_OFFSET)
}

/** Where the parts of a record stand, undefined where they cannot be read. */
function layoutOf(source: Buffer, start: number, end: number): RecordLayout | undefined {
  const bodyStart = bodyStartOf(source, start)
  const bodyLength = int32At(source, bodyStart - BEFORE_BODY.BODY_LENGTH)
  const bodyEnd = bodyLength > 0 ? bodyStart + bodyLength : bodyStart
  const magic = int32At(source, start + RECORD.MAGIC)
  const topicStart = bodyEnd + (magic === MAGIC.V1 ? 1 : 2)
  if (topicStart > end || (magic !== MAGIC.V1 && magic !== MAGIC.V2)) return undefined
  const topicEnd = topicStart + (magic === MAGIC.V1 ? source.readUInt8(bodyEnd) : source.readInt16BE(bodyEnd))
  const propertiesStart = topicEnd + 2
  if (topicEnd < topicStart || propertiesStart > end) return undefined
  const propertiesLength = source.readInt16BE(topicEnd)
  const propertiesEnd = propertiesLength > 0 ? propertiesStart + propertiesLength : propertiesStart
  // Java takes a negative length for none; where bytes are left over it is damage.
  const fits = bodyLength < 0 || propertiesLength < 0 ? propertiesEnd === end : propertiesEnd <= end
  if (!fits || !hasReadableFields(source, start, bodyStart)) return undefined
  return { start, end, bodyStart, bodyEnd, topicStart, topicEnd, propertiesStart, propertiesEnd }
}

function bodyStartOf(source: Buffer, start: number): number {
  const sysFlag = int32At(source, start + RECORD.SYS_FLAG)
  return start + RECORD.HEAD_V4 - 2 * V4_HOST_BYTES + bornHostBytes(sysFlag) + storeHostBytes(sysFlag)
}

/** Whether 64-bit fields can be numbers and ports are ports. */
function hasReadableFields(source: Buffer, start: number, bodyStart: number): boolean {
  const hostsEnd = bodyStart - BEFORE_BODY.RECONSUME_TIMES
  const storeTimestampAt = start + RECORD.BORN_HOST + bornHostBytes(int32At(source, start + RECORD.SYS_FLAG))
  return (
    isSafe(source, start + RECORD.COMMIT_LOG_OFFSET) &&
    isSafe(source, start + RECORD.BORN_TIMESTAMP) &&
    isSafe(source, storeTimestampAt) &&
    isSafe(source, bodyStart - BEFORE_BODY.PREPARED_TRANSACTION_OFFSET) &&
    int32At(source, storeTimestampAt - 4) >>> 0 <= MAX_PORT &&
    int32At(source, hostsEnd - 4) >>> 0 <= MAX_PORT
  )
}

/** Nearly exact: it also refuses the integers from -2^53 to -2^53+2^32-1. */
function isSafe(source: Buffer, at: number): boolean {
  const upper = int32At(source, at)
  return upper < SAFE_UPPER_HALF && upper > -SAFE_UPPER_HALF
}

/** A message of which only the fixed fields count. */
function unreadableMessage(
  source: Buffer,
  { start, end }: Pick<RecordLayout, 'start' | 'end'>,
  context: MessageContext,
): StoredMessage {
  const bodyStart = bodyStartOf(source, start)
  const empty = { bodyEnd: bodyStart, topicStart: end, topicEnd: end, propertiesStart: end, propertiesEnd: end }
  const message = new StoredMessage(source, { start, end, bodyStart, ...empty }, context)
  const place = `offset ${message.queueOffset} of queue ${message.queueId} on ${context.brokerName}`
  message.unreadable = unreadable(`the stored message at ${place} cannot be read: ${reason(source, start, bodyStart)}`)
  return message
}

function reason(source: Buffer, start: number, bodyStart: number): string {
  const magic = int32At(source, start + RECORD.MAGIC)
  if (magic !== MAGIC.V1 && magic !== MAGIC.V2) return `its magic is ${magic}`
  return hasReadableFields(source, start, bodyStart)
    ? 'a length points past its end'
    : 'a 64-bit field is beyond 2^53-1, or a port beyond 65535'
}

function lost(message: string): RocketMQError {
  return new RocketMQError('PROTOCOL_ERROR', message)
}
