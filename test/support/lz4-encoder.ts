import { xxh32 } from '../../lib/wire/xxh32'

/** How a frame is written; everything is off by default. */
export interface Lz4EncoderOptions {
  readonly linked?: boolean
  readonly blockChecksums?: boolean
  readonly contentChecksum?: boolean
  readonly contentSize?: boolean
  readonly blockBytes?: number
}

const MIN_MATCH = 4
const LAST_LITERALS = 5
const MATCH_LIMIT = 12
const MAX_OFFSET = 65_535

/** A simple LZ4 frame encoder, written for tests from the format's description alone. */
export function encodeLz4Frame(content: Buffer, options: Lz4EncoderOptions = {}): Buffer {
  const { blockBytes = 65_536 } = options
  const parts = [frameHeader(content, options)]
  for (let start = 0; start < content.length; start += blockBytes) {
    const end = Math.min(content.length, start + blockBytes)
    const compressed = encodeLz4Block(content, start, end, options.linked === true ? 0 : start)
    const stored = compressed.length >= end - start
    const block = stored ? content.subarray(start, end) : compressed
    parts.push(uint32((block.length | (stored ? 0x8000_0000 : 0)) >>> 0), block)
    if (options.blockChecksums === true) parts.push(uint32(xxh32(block, 0, block.length)))
  }
  parts.push(uint32(0))
  if (options.contentChecksum === true) parts.push(uint32(xxh32(content, 0, content.length)))
  return Buffer.concat(parts)
}

/** The compressed block for `content[start, end)`, which may repeat bytes from `firstByte` on. */
export function encodeLz4Block(content: Buffer, start: number, end: number, firstByte: number): Buffer {
  const parts: Buffer[] = []
  const seen = new Map<number, number>()
  for (let i = firstByte; i + MIN_MATCH <= start; i++) seen.set(content.readUInt32LE(i), i)
  let literalStart = start
  for (let at = start; at + MATCH_LIMIT <= end;) {
    const key = content.readUInt32LE(at)
    const candidate = seen.get(key)
    seen.set(key, at)
    if (candidate === undefined || at - candidate > MAX_OFFSET) {
      at++
      continue
    }
    let length = MIN_MATCH
    while (at + length < end - LAST_LITERALS && content[candidate + length] === content[at + length]) length++
    parts.push(sequence(content.subarray(literalStart, at), { offset: at - candidate, length }))
    at += length
    literalStart = at
  }
  parts.push(sequence(content.subarray(literalStart, end)))
  return Buffer.concat(parts)
}

/** Little-endian, as all of LZ4. */
export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function frameHeader(content: Buffer, options: Lz4EncoderOptions): Buffer {
  const flags =
    0x40 |
    (options.linked === true ? 0 : 0x20) |
    (options.blockChecksums === true ? 0x10 : 0) |
    (options.contentSize === true ? 0x08 : 0) |
    (options.contentChecksum === true ? 0x04 : 0)
  const size = options.contentSize === true ? Buffer.concat([uint32(content.length), uint32(0)]) : Buffer.alloc(0)
  const descriptor = Buffer.concat([Buffer.of(flags, 0x40), size])
  const check = (xxh32(descriptor, 0, descriptor.length) >>> 8) & 0xff
  return Buffer.concat([uint32(0x184d2204), descriptor, Buffer.of(check)])
}

function sequence(literals: Buffer, match?: { offset: number; length: number }): Buffer {
  const matchLength = match === undefined ? 0 : match.length - MIN_MATCH
  const token = (Math.min(15, literals.length) << 4) | Math.min(15, matchLength)
  const parts = [Buffer.of(token), lengthBytes(literals.length), literals]
  if (match !== undefined) parts.push(Buffer.of(match.offset & 0xff, match.offset >>> 8), lengthBytes(matchLength))
  return Buffer.concat(parts)
}

function lengthBytes(length: number): Buffer {
  if (length < 15) return Buffer.alloc(0)
  const rest = length - 15
  return Buffer.concat([Buffer.alloc(Math.floor(rest / 255), 0xff), Buffer.of(rest % 255)])
}
