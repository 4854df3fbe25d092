import { RocketMQError } from '../errors'
import { unreadable } from './unreadable'

/** One message in the body of a batch. */
export interface BatchEntry {
  readonly flag: number
  readonly body: Uint8Array
  /** The text of its properties. */
  readonly properties: string
}

/** size 4, magic 4, body CRC 4, flag 4, body length 4, then the body, and 2 for the length of the properties. */
const HEAD_BYTES = 20
const FIXED_BYTES = HEAD_BYTES + 2
/** Lengths of properties are 16-bit integers with a sign. */
export const MAX_PROPERTIES_BYTES = 32_767

/** How many bytes an entry takes in the body of a batch. */
export function batchEntryBytes(entry: BatchEntry): number {
  return FIXED_BYTES + entry.body.length + Buffer.byteLength(entry.properties)
}

/**
 * The body of a batch. Magic and CRC stay 0, as in Java.
 * @throws RocketMQError INVALID_MESSAGE where the properties of an entry are too long
 */
export function encodeBatchBody(entries: readonly BatchEntry[]): Buffer {
  const sizes = entries.map(batchEntryBytes)
  const target = Buffer.allocUnsafeSlow(sizes.reduce((total, size) => total + size, 0))
  let at = 0
  entries.forEach((entry, i) => (at = writeEntry(target, at, { entry, size: sizes[i] as number })))
  return target
}

/**
 * Reads the body of a batch; bodies are views.
 * @param maxEntries default is as many as there are
 * @throws RocketMQError MESSAGE_UNREADABLE where sizes do not agree, or there are more entries
 */
export function decodeBatchBody(source: Buffer, maxEntries = Infinity): BatchEntry[] {
  const entries: BatchEntry[] = []
  for (let start = 0; start < source.length;) {
    if (entries.length === maxEntries) throw unreadable(`a batch has more than ${maxEntries} messages`)
    const left = source.length - start
    const size = left < FIXED_BYTES ? 0 : source.readInt32BE(start)
    if (size < FIXED_BYTES || size > left) throw unreadable('an entry of a batch claims a size that cannot be')
    entries.push(readEntry(source, start, start + size))
    start += size
  }
  return entries
}

function writeEntry(target: Buffer, start: number, { entry, size }: { entry: BatchEntry; size: number }): number {
  const propertiesBytes = size - FIXED_BYTES - entry.body.length
  if (propertiesBytes > MAX_PROPERTIES_BYTES) {
    throw new RocketMQError(
      'INVALID_MESSAGE',
      `the properties take ${propertiesBytes} bytes; allowed are ${MAX_PROPERTIES_BYTES}`,
    )
  }
  target.writeInt32BE(size, start)
  target.fill(0, start + 4, start + 12)
  target.writeInt32BE(entry.flag, start + 12)
  target.writeInt32BE(entry.body.length, start + 16)
  target.set(entry.body, start + HEAD_BYTES)
  const propertiesAt = target.writeInt16BE(propertiesBytes, start + HEAD_BYTES + entry.body.length)
  return propertiesAt + target.write(entry.properties, propertiesAt)
}

function readEntry(source: Buffer, start: number, end: number): BatchEntry {
  const bodyStart = start + HEAD_BYTES
  const bodyEnd = bodyStart + source.readInt32BE(start + 16)
  if (bodyEnd < bodyStart || bodyEnd + 2 > end) throw unreadable('a body in a batch is longer than its entry')
  const propertiesEnd = bodyEnd + 2 + source.readInt16BE(bodyEnd)
  if (propertiesEnd !== end) throw unreadable('the properties in a batch do not end with their entry')
  return {
    flag: source.readInt32BE(start + 12),
    body: source.subarray(bodyStart, bodyEnd),
    properties: source.toString('utf8', bodyEnd + 2, propertiesEnd),
  }
}
