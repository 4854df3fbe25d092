import { decodeLz4Block, Lz4Output } from './lz4-block'
import { tooLarge, unreadable } from './unreadable'
import { xxh32 } from './xxh32'

const MAGIC = 0x184d2204
const SKIPPABLE_MAGIC = 0x184d2a50
const VERSION = 0x40
const FLAG = {
  VERSION: 0xc0,
  INDEPENDENT: 0x20,
  BLOCK_CHECKSUM: 0x10,
  SIZE: 0x08,
  CHECKSUM: 0x04,
  RESERVED: 0x02,
  DICTIONARY: 0x01,
}
const STORED = 0x8000_0000
const LIKELY_RATIO = 4

interface FrameHeader {
  readonly flags: number
  readonly maxBlockBytes: number
  readonly contentBytes: number | undefined
  readonly end: number
}

/**
 * Decodes LZ4 frames, one behind the other, as Java's LZ4FrameInputStream does; checksums are verified.
 * @throws RocketMQError MESSAGE_UNREADABLE where they are damaged, cut, or would give more than `maxBytes`
 */
export function decodeLz4Frames(source: Buffer, maxBytes: number): Buffer {
  const output = new Lz4Output(Math.min(source.length * LIKELY_RATIO, maxBytes), maxBytes)
  let at = 0
  do {
    const magic = uint32(source, at)
    if ((magic & ~0xf) === SKIPPABLE_MAGIC) at = checkedEnd(source, at + 8 + uint32(source, at + 4))
    else if (magic === MAGIC) at = decodeFrame(source, at, output, maxBytes)
    else throw unreadable('a body marked as LZ4 has no LZ4 frame')
  } while (at < source.length)
  return output.bytes
}

/** Decodes the frame at `start` and returns where it ends. */
function decodeFrame(source: Buffer, start: number, output: Lz4Output, maxBytes: number): number {
  const header = readHeader(source, start)
  if (header.contentBytes !== undefined && header.contentBytes > maxBytes - output.length) throw tooLarge(maxBytes)
  const frameStart = output.length
  let at = header.end
  for (let size = uint32(source, at); size !== 0; size = uint32(source, at)) {
    at = decodeBlock(source, at + 4, { size, header, output, frameStart })
  }
  at += 4
  const decoded = output.bytes
  if (header.contentBytes !== undefined && decoded.length - frameStart !== header.contentBytes) {
    throw unreadable('an LZ4 frame does not have the size that it claims')
  }
  if ((header.flags & FLAG.CHECKSUM) === 0) return at
  if (uint32(source, at) !== xxh32(decoded, frameStart, decoded.length))
    throw unreadable('the checksum of an LZ4 frame is wrong')
  return at + 4
}

function readHeader(source: Buffer, start: number): FrameHeader {
  const flags = byte(source, start + 4)
  const blockSize = byte(source, start + 5)
  const code = blockSize >>> 4
  if ((flags & (FLAG.VERSION | FLAG.RESERVED)) !== VERSION || (blockSize & 0x8f) !== 0 || code < 4) {
    throw unreadable('an LZ4 frame has a header of an unknown kind')
  }
  if ((flags & FLAG.DICTIONARY) !== 0) throw unreadable('an LZ4 frame needs a dictionary')
  const sizeAt = start + 6
  const checkAt = (flags & FLAG.SIZE) === 0 ? sizeAt : sizeAt + 8
  const contentBytes =
    checkAt === sizeAt ? undefined : uint32(source, sizeAt) + uint32(source, sizeAt + 4) * 0x1_0000_0000
  if (byte(source, checkAt) !== ((xxh32(source, start + 4, checkAt) >>> 8) & 0xff)) {
    throw unreadable('the header checksum of an LZ4 frame is wrong')
  }
  return { flags, maxBlockBytes: 1 << (8 + 2 * code), contentBytes, end: checkAt + 1 }
}

function decodeBlock(
  source: Buffer,
  start: number,
  { size, header, output, frameStart }: { size: number; header: FrameHeader; output: Lz4Output; frameStart: number },
): number {
  const end = checkedEnd(source, start + (size & ~STORED))
  const before = output.length
  if (end - start > header.maxBlockBytes) throw unreadable('a block of an LZ4 frame is larger than its header allows')
  if (size >= STORED) output.append(source, start, end)
  else {
    const firstByte = (header.flags & FLAG.INDEPENDENT) === 0 ? frameStart : before
    decodeLz4Block(source, { start, end, firstByte }, output)
  }
  if (output.length - before > header.maxBlockBytes)
    throw unreadable('a block of an LZ4 frame is larger than its header allows')
  if ((header.flags & FLAG.BLOCK_CHECKSUM) === 0) return end
  if (uint32(source, end) !== xxh32(source, start, end)) throw unreadable('the checksum of an LZ4 block is wrong')
  return end + 4
}

function byte(source: Buffer, at: number): number {
  return source[checkedEnd(source, at + 1) - 1] as number
}

function uint32(source: Buffer, at: number): number {
  return source.readUInt32LE(checkedEnd(source, at + 4) - 4)
}

function checkedEnd(source: Buffer, end: number): number {
  if (end > source.length) throw unreadable('an LZ4 frame ends too early')
  return end
}
