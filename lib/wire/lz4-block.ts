import { tooLarge, unreadable } from './unreadable'

const MIN_MATCH = 4
/** A length nibble of this value goes on in the bytes that follow. */
const MORE = 15
/** Copies shorter than this are faster byte by byte. */
const SHORT_COPY = 24

/** Where blocks are written to, one behind the other: later blocks may repeat bytes of earlier ones. */
export class Lz4Output {
  #bytes: Buffer
  #length = 0
  readonly #maxBytes: number

  constructor(expectedBytes: number, maxBytes: number) {
    this.#bytes = Buffer.allocUnsafeSlow(Math.min(expectedBytes, maxBytes))
    this.#maxBytes = maxBytes
  }

  /** Bytes that were written. */
  get length(): number {
    return this.#length
  }

  /** All that was written. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length)
  }

  /** Appends `source[start, end)` as it is. */
  append(source: Buffer, start: number, end: number): void {
    this.#reserve(end - start)
    const bytes = this.#bytes
    let at = this.#length
    if (end - start >= SHORT_COPY) source.copy(bytes, at, start, end)
    else for (let from = start; from < end;) bytes[at++] = source[from++] as number
    this.#length += end - start
  }

  /** Appends `length` bytes that stand `offset` bytes back, which may run into what it writes; none before `firstByte`. */
  repeat(offset: number, length: number, firstByte: number): void {
    const from = this.#length - offset
    if (offset === 0 || from < firstByte) throw unreadable('an LZ4 block repeats bytes that are not there')
    this.#reserve(length)
    const bytes = this.#bytes
    const end = this.#length + length
    if (offset >= length && length >= SHORT_COPY) bytes.copyWithin(this.#length, from, from + length)
    else if (offset === 1) bytes.fill(bytes[from] as number, this.#length, end)
    else for (let at = this.#length, back = from; at < end;) bytes[at++] = bytes[back++] as number
    this.#length = end
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes
    if (needed <= this.#bytes.length) return
    if (needed > this.#maxBytes) throw tooLarge(this.#maxBytes)
    const grown = Buffer.allocUnsafeSlow(Math.min(this.#maxBytes, Math.max(needed, this.#bytes.length * 2)))
    this.#bytes.copy(grown, 0, 0, this.#length)
    this.#bytes = grown
  }
}

/**
 * Decodes the compressed block `source[start, end)`; repeats may reach back to `firstByte` of the output.
 * @throws RocketMQError MESSAGE_UNREADABLE
 */
export function decodeLz4Block(
  source: Buffer,
  { start, end, firstByte }: { start: number; end: number; firstByte: number },
  output: Lz4Output,
): void {
  let at = start
  /** Adds the bytes that lengthen a nibble. */
  const lengthened = (nibble: number): number => {
    let length = nibble
    for (let byte = 0xff; byte === 0xff; length += byte) {
      if (at >= end) throw truncated()
      byte = source[at++] as number
    }
    return length
  }
  while (at < end) {
    const token = source[at++] as number
    const literals = token >>> 4 === MORE ? lengthened(MORE) : token >>> 4
    if (literals > end - at) throw truncated()
    if (literals > 0) output.append(source, at, at + literals)
    at += literals
    if (at === end) return
    if (at + 2 > end) throw truncated()
    const offset = (source[at] as number) | ((source[at + 1] as number) << 8)
    at += 2
    const match = (token & 0xf) === MORE ? lengthened(MORE) : token & 0xf
    output.repeat(offset, match + MIN_MATCH, firstByte)
  }
  throw truncated()
}

function truncated(): Error {
  return unreadable('an LZ4 block ends too early')
}
