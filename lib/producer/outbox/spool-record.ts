import { isRecord } from '../../model/option-checks'
import { crc32 } from '../../wire/crc32'

/** A message as it waits in the spool: encoded, with its unique id among the properties. */
export interface SpooledMessage {
  readonly msgId: string
  readonly topic: string
  readonly body: Uint8Array
  readonly properties: string
  readonly flag: number
  readonly sysFlag: number
  readonly isTimer: boolean
  readonly shardingKey?: string | undefined
  /** The one that its sender chose. */
  readonly queue?: { readonly brokerName: string; readonly queueId: number } | undefined
  /** A broker may have it already. */
  readonly maybeSent: boolean
  /** Milliseconds since 1970 UTC. */
  readonly spooledAt: number
}

/** A record and where it lies. */
export interface FoundRecord {
  readonly offset: number
  readonly size: number
  readonly message: SpooledMessage
}

/** What a file holds. */
export interface ScannedRecords {
  readonly records: readonly FoundRecord[]
  /** Where the last good record ends; what comes after it cannot be read. */
  readonly end: number
  /** Bytes before `end` that cannot be read. */
  readonly damagedBytes: number
  /** What comes after `end` is as a crash leaves it: the beginning of a record, or room that was not written to. */
  readonly isCutOff: boolean
}

/** Begins every record, so that the next one is found behind one that is damaged. */
const MARK = Buffer.from('RWOB')
/** Bytes behind damaged records that may be checked, by the size of the file: a body may hold any number of marks. */
const MOST_CHECKED = 16
/** Mark, length of the rest, its CRC-32, length of the fields. */
const HEAD_BYTES = 16

/** A record: head, the fields as JSON, the body. */
export function encodeRecord({ body, ...fields }: SpooledMessage): Buffer {
  const text = Buffer.from(JSON.stringify(fields))
  const record = Buffer.concat([Buffer.alloc(HEAD_BYTES), text, body])
  MARK.copy(record)
  record.writeUInt32BE(record.length - HEAD_BYTES, 4)
  record.writeUInt32BE(text.length, 12)
  record.writeUInt32BE(crc32(record.subarray(12)), 8)
  return record
}

/** The record at `offset`, or undefined where there is no whole, sound one. Its body is a view. */
export function decodeRecord(source: Buffer, offset = 0): FoundRecord | undefined {
  if (source.length - offset < HEAD_BYTES || source.compare(MARK, 0, 4, offset, offset + 4) !== 0) return undefined
  const length = source.readUInt32BE(offset + 4)
  const end = offset + HEAD_BYTES + length
  const textBytes = source.readUInt32BE(offset + 12)
  if (end > source.length || textBytes > length) return undefined
  if (crc32(source.subarray(offset + 12, end)) !== source.readUInt32BE(offset + 8)) return undefined
  const bodyStart = offset + HEAD_BYTES + textBytes
  const fields = parsed(source.toString('utf8', offset + HEAD_BYTES, bodyStart))
  if (fields === undefined) return undefined
  return { offset, size: end - offset, message: { ...fields, body: source.subarray(bodyStart, end) } }
}

/** Reads all that can be read, in a time by its length, whatever stands in the body of a damaged record. */
export function scanRecords(source: Buffer): ScannedRecords {
  const records: FoundRecord[] = []
  let [end, damagedBytes] = [0, 0]
  let mayCheck = MOST_CHECKED * source.length
  for (let at = 0; at !== -1 && at < source.length;) {
    if (at !== end) mayCheck -= lengthAt(source, at)
    const record = mayCheck < 0 ? undefined : decodeRecord(source, at)
    if (record === undefined) {
      at = source.indexOf(MARK, at + 1)
      continue
    }
    records.push(record)
    damagedBytes += at - end
    end = at = at + record.size
  }
  return { records, end, damagedBytes, isCutOff: isCutOff(source.subarray(end)) }
}

function isCutOff(rest: Buffer): boolean {
  const mark = rest.subarray(0, MARK.length)
  if (!mark.equals(MARK.subarray(0, mark.length))) return rest.every(byte => byte === 0)
  return rest.length < HEAD_BYTES || rest.readUInt32BE(4) > rest.length - HEAD_BYTES
}

/** What a record that would begin here is to hold, as far as there is so much. */
function lengthAt(source: Buffer, offset: number): number {
  const left = source.length - offset
  if (left < HEAD_BYTES) return 0
  const length = source.readUInt32BE(offset + 4)
  return length <= left - HEAD_BYTES ? length : 0
}

/** A sound checksum says that it was written here, or by another version. */
function parsed(text: string): Omit<SpooledMessage, 'body'> | undefined {
  let fields: unknown
  try {
    fields = JSON.parse(text)
  } catch {
    return undefined
  }
  return isFields(fields) ? fields : undefined
}

function isFields(fields: unknown): fields is Omit<SpooledMessage, 'body'> {
  if (!isRecord(fields)) return false
  const { msgId, topic, properties, flag, sysFlag, isTimer, maybeSent, spooledAt, shardingKey, queue } = fields
  const areTexts = [msgId, topic, properties, shardingKey ?? ''].every(each => typeof each === 'string')
  const areNumbers = [flag, sysFlag, spooledAt].every(each => Number.isSafeInteger(each))
  const areFlags = typeof isTimer === 'boolean' && typeof maybeSent === 'boolean'
  return areTexts && areNumbers && areFlags && (queue === undefined || isQueue(queue))
}

function isQueue(queue: unknown): boolean {
  return isRecord(queue) && typeof queue.brokerName === 'string' && Number.isSafeInteger(queue.queueId)
}
