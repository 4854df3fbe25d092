import { unreadable } from './unreadable'

/** A block comes to at most this many bytes, and each of its sequences to at least 3. */
const MAX_SEQUENCES = Math.floor(131_072 / 3)

/**
 * How many sequences the compressed block from `start` to `end` asks for. Each may copy up to 131,074 bytes, and a decoder
 * that does not count them has hours of work with a few bytes.
 * @throws RocketMQError MESSAGE_UNREADABLE
 */
export function zstdSequences(block: Buffer, start: number, end: number): number {
  const at = literalsEnd(block, start, end)
  const first = byteAt(block, at, end)
  const count = first < 128 ? first : countAfter(block, { first, at, end })
  if (count > MAX_SEQUENCES) throw unreadable(`a Zstandard block has ${count} sequences, more than fit into a block`)
  return count
}

function countAfter(block: Buffer, { first, at, end }: { first: number; at: number; end: number }): number {
  const second = byteAt(block, at + 1, end)
  if (first < 255) return ((first - 128) << 8) + second
  return (second | (byteAt(block, at + 2, end) << 8)) + 0x7f00
}

function literalsEnd(block: Buffer, start: number, end: number): number {
  const byte = (i: number): number => byteAt(block, start + i, end)
  const format = (byte(0) >>> 2) & 3
  const kind = byte(0) & 3
  if (kind < 2) {
    const headBytes = format === 1 ? 2 : format === 3 ? 3 : 1
    // The literals as they are, or one that is repeated.
    if (kind === 1) return start + headBytes + 1
    const wide = format === 3 ? byte(2) << 12 : 0
    return start + headBytes + ((format & 1) === 0 ? byte(0) >>> 3 : (byte(0) >>> 4) | (byte(1) << 4) | wide)
  }
  if (format < 2) return start + 3 + ((byte(1) >>> 6) | (byte(2) << 2))
  if (format === 2) return start + 4 + ((byte(2) >>> 2) | (byte(3) << 6))
  return start + 5 + ((byte(2) >>> 6) | (byte(3) << 2) | (byte(4) << 10))
}

function byteAt(block: Buffer, at: number, end: number): number {
  if (at >= end) throw unreadable('a compressed block of Zstandard ends too early')
  return block[at] as number
}
