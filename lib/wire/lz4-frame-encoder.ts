import { type Lz4Target, encodeLz4Block, maxLz4BlockBytes } from './lz4-block-encoder'

/** Magic, blocks that stand for themselves, blocks of at most 4 MiB, no checksum but the header's: what Java writes. */
const HEADER = Buffer.from('04224d18607073', 'hex')
const BLOCK_BYTES = 4 * 1024 * 1024
/** A block of which this bit is set in its size is stored as it is. */
const STORED = 0x8000_0000
const SIZE_BYTES = 4

/** One LZ4 frame, such as Java's `LZ4FrameOutputStream` writes. */
export function encodeLz4Frame(source: Buffer): Buffer {
  const blocks = Math.ceil(source.length / BLOCK_BYTES)
  const most =
    HEADER.length + blocks * (SIZE_BYTES + maxLz4BlockBytes(0)) + maxLz4BlockBytes(source.length) + SIZE_BYTES
  const target: Lz4Target = { bytes: Buffer.allocUnsafeSlow(most), length: 0 }
  target.length += HEADER.copy(target.bytes)
  for (let start = 0; start < source.length; start += BLOCK_BYTES) {
    writeBlock(source, { start, end: Math.min(source.length, start + BLOCK_BYTES) }, target)
  }
  target.length = target.bytes.writeUInt32LE(0, target.length)
  // A copy, which does not hold the room for what might have been.
  return Buffer.from(target.bytes.subarray(0, target.length))
}

function writeBlock(source: Buffer, range: { start: number; end: number }, target: Lz4Target): void {
  const sizeAt = target.length
  const bytesAt = sizeAt + SIZE_BYTES
  const plain = range.end - range.start
  target.length = bytesAt
  encodeLz4Block(source, range, target)
  const packed = target.length - bytesAt
  const isStored = packed >= plain
  if (isStored) target.length = bytesAt + source.copy(target.bytes, bytesAt, range.start, range.end)
  target.bytes.writeUInt32LE(isStored ? plain + STORED : packed, sizeAt)
}
