import { tooLarge, unreadable } from './unreadable'
import { zstdSequences } from './zstd-sequences'

const MAGIC = 0xfd2fb528
const SKIPPABLE_MAGIC = 0x184d2a50
const MAX_BLOCK_BYTES = 131_072
/** Where a frame's window descriptor stands, if it has one. */
const WINDOW_AT = 5
const MIN_WINDOW_LOG = 10
const MAX_WINDOW_LOG = 31
const BLOCK = { RAW: 0, RLE: 1, COMPRESSED: 2 } as const

/** Java writes one frame; a body of very many would keep a decoder busy with nothing. */
const MAX_FRAMES = 64

/** The frames of a Zstandard body, whole as far as their headers tell. */
export interface ZstdFrames {
  /** Each by itself, without those to be skipped, and with a window no larger than what it can fill. */
  readonly frames: readonly Buffer[]
  /** Bytes that a decoder would move which shifts its window after each block. */
  readonly windowMoves: number
  /** Pieces that a decoder copies together; each may be long. */
  readonly sequences: number
}

/**
 * Walks over all frames of a body and checks that they are whole. A window that is larger than what may come out, at most
 * `maxBytes`, is made smaller: it would only cost memory.
 * @throws RocketMQError MESSAGE_UNREADABLE
 */
export function inspectZstdFrames(source: Buffer, maxBytes: number): ZstdFrames {
  const frames: Buffer[] = []
  let windowMoves = 0
  let sequences = 0
  let at = 0
  do {
    const magic = uint(source, at, 4)
    if ((magic & ~0xf) === SKIPPABLE_MAGIC) {
      at = checkedEnd(source, at + 8 + uint(source, at + 4, 4))
      continue
    }
    if (magic !== MAGIC) throw unreadable('a body marked as ZSTD has no Zstandard frame')
    if (frames.length === MAX_FRAMES) throw unreadable(`a body marked as ZSTD has more than ${MAX_FRAMES} frames`)
    const frame = walkFrame(source, at, maxBytes)
    frames.push(withWindow(source.subarray(at, frame.end), frame))
    windowMoves += frame.blocks * frame.window
    sequences += frame.sequences
    at = frame.end
  } while (at < source.length)
  return { frames, windowMoves, sequences }
}

function withWindow(frame: Buffer, { window, shrinks }: WalkedFrame): Buffer {
  if (!shrinks) return frame
  const copy = Buffer.from(frame)
  copy[WINDOW_AT] = (windowLog(window) - MIN_WINDOW_LOG) << 3
  return copy
}

interface WalkedFrame {
  readonly end: number
  readonly blocks: number
  readonly sequences: number
  /** What the window needs to be. */
  readonly window: number
  /** Whether the frame asks for more. */
  readonly shrinks: boolean
}

function walkFrame(source: Buffer, start: number, maxBytes: number): WalkedFrame {
  const flags = uint(source, start + 4, 1)
  const single = (flags & 0x20) !== 0
  const contentCode = flags >>> 6
  const dictionaryBytes = [0, 1, 2, 4][flags & 3] as number
  const contentSizeBytes = contentCode === 0 ? (single ? 1 : 0) : 1 << contentCode
  const contentAt = start + WINDOW_AT + (single ? 0 : 1) + dictionaryBytes
  const { end: blocksEnd, maxOutputBytes, ...blocks } = walkBlocks(source, contentAt + contentSizeBytes)
  const end = checkedEnd(source, blocksEnd + ((flags & 0x4) === 0 ? 0 : 4))
  if (single) {
    const content = uint(source, contentAt, contentSizeBytes) + (contentCode === 1 ? 256 : 0)
    if (content > maxBytes) throw tooLarge(maxBytes)
    return { end, ...blocks, window: content, shrinks: false }
  }
  const declared = uint(source, start + WINDOW_AT, 1)
  const window = 2 ** (MIN_WINDOW_LOG + (declared >>> 3)) * (1 + (declared & 7) / 8)
  const needed = 2 ** windowLog(Math.min(maxOutputBytes, maxBytes))
  return { end, ...blocks, window: Math.min(needed, window), shrinks: needed < window }
}

interface WalkedBlocks {
  readonly end: number
  readonly blocks: number
  readonly sequences: number
  readonly maxOutputBytes: number
}

function walkBlocks(source: Buffer, start: number): WalkedBlocks {
  let at = start
  let blocks = 0
  let sequences = 0
  let maxOutputBytes = 0
  for (let last = false; !last; blocks++) {
    const head = uint(source, at, 3)
    const size = head >>> 3
    const kind = (head >>> 1) & 3
    if (kind > BLOCK.COMPRESSED || size > MAX_BLOCK_BYTES)
      throw unreadable('a Zstandard frame has a block of an unknown kind')
    maxOutputBytes += kind === BLOCK.COMPRESSED ? MAX_BLOCK_BYTES : size
    const content = at + 3
    at = checkedEnd(source, content + (kind === BLOCK.RLE ? 1 : size))
    if (kind === BLOCK.COMPRESSED) sequences += zstdSequences(source, content, at)
    last = (head & 1) === 1
  }
  return { end: at, blocks, sequences, maxOutputBytes }
}

/** Exponent of the smallest window for `bytes`. */
function windowLog(bytes: number): number {
  return Math.min(MAX_WINDOW_LOG, Math.max(MIN_WINDOW_LOG, Math.ceil(Math.log2(Math.max(1, bytes)))))
}

function uint(source: Buffer, at: number, bytes: number): number {
  checkedEnd(source, at + bytes)
  let value = 0
  for (let i = bytes - 1; i >= 0; i--) value = value * 256 + (source[at + i] as number)
  return value
}

function checkedEnd(source: Buffer, end: number): number {
  if (end > source.length) throw unreadable('a Zstandard frame ends too early')
  return end
}
