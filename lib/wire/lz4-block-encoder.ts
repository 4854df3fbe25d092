const MIN_MATCH = 4
/** A block ends with at least so many bytes that are no repeat; the last repeat begins at least so many before its end. */
const LAST_LITERALS = 5
const LAST_MATCH_START = 12
const MAX_OFFSET = 65_535
/** A length nibble of this value goes on in the bytes that follow. */
const MORE = 15
const HASH_BITS = 14
/** Search steps grow by one after so many misses, so that what cannot be compressed is passed over quickly. */
const MISSES_PER_STEP = 64

/** Places, plus one, of the bytes that have this hash; used by one call at a time and cleared by each. */
const places = new Int32Array(1 << HASH_BITS)

/** What is written, and how far. */
export interface Lz4Target {
  readonly bytes: Buffer
  length: number
}

/** The most that `bytes` bytes may come to as a block. */
export function maxLz4BlockBytes(bytes: number): number {
  return bytes + Math.ceil(bytes / 255) + 16
}

/** Appends `source[start, end)` to the target, which must have the room, as one block that stands for itself. */
export function encodeLz4Block(
  source: Buffer,
  { start, end }: { start: number; end: number },
  target: Lz4Target,
): void {
  places.fill(0)
  const lastStart = end - LAST_MATCH_START
  const lastByte = end - LAST_LITERALS
  let literals = start
  let misses = 0
  for (let at = start; at <= lastStart;) {
    const word = source.readInt32LE(at)
    const hash = Math.imul(word, 0x9e3779b1) >>> (32 - HASH_BITS)
    const found = (places[hash] as number) - 1
    places[hash] = at + 1
    if (found < start || at - found > MAX_OFFSET || source.readInt32LE(found) !== word) {
      at += 1 + Math.floor(misses++ / MISSES_PER_STEP)
      continue
    }
    let length = MIN_MATCH
    while (at + length < lastByte && source[found + length] === source[at + length]) length++
    writeLiterals(source, { start: literals, end: at, match: length - MIN_MATCH }, target)
    writeMatch(at - found, length - MIN_MATCH, target)
    at += length
    literals = at
    misses = 0
  }
  writeLiterals(source, { start: literals, end, match: 0 }, target)
}

function writeLiterals(
  source: Buffer,
  { start, end, match }: { start: number; end: number; match: number },
  target: Lz4Target,
): void {
  const count = end - start
  target.bytes[target.length++] = (Math.min(MORE, count) << 4) | Math.min(MORE, match)
  writeRest(count, target)
  source.copy(target.bytes, target.length, start, end)
  target.length += count
}

function writeMatch(offset: number, match: number, target: Lz4Target): void {
  target.bytes[target.length++] = offset & 0xff
  target.bytes[target.length++] = offset >>> 8
  writeRest(match, target)
}

/** What of a length does not fit its nibble. */
function writeRest(length: number, target: Lz4Target): void {
  if (length < MORE) return
  let rest = length - MORE
  for (; rest >= 0xff; rest -= 0xff) target.bytes[target.length++] = 0xff
  target.bytes[target.length++] = rest
}
