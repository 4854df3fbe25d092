import { RocketMQError } from '../errors'
import type { DecodedHeader } from './header-json'
import { languageCode, languageOfCode } from './language'
import { type ExtFields, type OutgoingCommand } from './remoting-command'

// code:2 language:1 version:2 opaque:4 flag:4 remarkLength:4 remark extLength:4 { keyLength:2 key valueLength:4 value }
const FIXED_BYTES = 21

/** Upper bound of the bytes that `writeRocketmqHeader` needs. */
export function rocketmqHeaderBound(command: OutgoingCommand): number {
  let bytes = FIXED_BYTES + 3 * (command.remark?.length ?? 0)
  const fields = command.extFields
  for (const name in fields) bytes += 6 + 3 * (name.length + (fields[name]?.length ?? 0))
  return bytes
}

/** Writes the binary header at `start` and returns where it ends. The code is cut to 16 bits, as in Java. */
export function writeRocketmqHeader(command: OutgoingCommand, target: Buffer, start: number): number {
  let at = target.writeInt16BE((command.code << 16) >> 16, start)
  at = target.writeUInt8(languageCode(command.language), at)
  at = target.writeInt16BE((command.version << 16) >> 16, at)
  at = target.writeInt32BE(command.opaque, at)
  at = target.writeInt32BE(command.flag, at)
  at = writeText(target, at, command.remark ?? '')
  const extStart = at + 4
  const extEnd = writeFields(command.extFields, target, extStart)
  target.writeInt32BE(extEnd - extStart, at)
  return extEnd
}

function writeFields(fields: ExtFields | undefined, target: Buffer, start: number): number {
  let at = start
  for (const name in fields) {
    const value = fields[name]
    if (value === null || value === undefined) continue
    const nameBytes = target.write(name, at + 2)
    target.writeInt16BE(nameBytes, at)
    at = writeText(target, at + 2 + nameBytes, value)
  }
  return at
}

function writeText(target: Buffer, at: number, text: string): number {
  const bytes = text === '' ? 0 : target.write(text, at + 4)
  target.writeInt32BE(bytes, at)
  return at + 4 + bytes
}

/**
 * Reads the binary header in `source[start, end)`.
 * @throws RocketMQError PROTOCOL_ERROR where a length points past its end
 */
export function readRocketmqHeader(source: Buffer, start: number, end: number): DecodedHeader {
  if (end - start < FIXED_BYTES) throw truncated()
  const remarkEnd = textEnd(source, start + 13, end - 4)
  const extEnd = textEnd(source, remarkEnd, end)
  return {
    code: source.readInt16BE(start),
    language: languageOfCode(source.readUInt8(start + 2)),
    version: source.readInt16BE(start + 3),
    opaque: source.readInt32BE(start + 5),
    flag: source.readInt32BE(start + 9),
    remark: remarkEnd === start + 17 ? undefined : source.toString('utf8', start + 17, remarkEnd),
    extFields: remarkEnd + 4 === extEnd ? undefined : readFields(source, remarkEnd + 4, extEnd),
  }
}

function readFields(source: Buffer, start: number, end: number): ExtFields {
  const fields = Object.create(null) as ExtFields
  for (let at = start; at < end;) {
    if (at + 2 > end) throw truncated()
    const nameEnd = at + 2 + source.readUInt16BE(at)
    const valueEnd = textEnd(source, nameEnd, end)
    const value = valueEnd === nameEnd + 4 ? null : source.toString('utf8', nameEnd + 4, valueEnd)
    fields[source.toString('utf8', at + 2, nameEnd)] = value
    at = valueEnd
  }
  return fields
}

/** End of a text whose 32-bit length stands at `at`; it may not pass `limit`. */
function textEnd(source: Buffer, at: number, limit: number): number {
  if (at + 4 > limit) throw truncated()
  const length = source.readInt32BE(at)
  if (length < 0 || at + 4 + length > limit) throw truncated()
  return at + 4 + length
}

function truncated(): RocketMQError {
  return new RocketMQError('PROTOCOL_ERROR', 'a length in the binary header of a frame points past its end')
}
