/** The least that node:zlib takes, and a little more. */
const LEAST_BYTES = 1024
/** Pages that nothing is written to cost no memory; more than this would still weigh on the collector. */
const MOST_PACKED_BYTES = 1024 * 1024
const MOST_INFLATED_BYTES = 4 * 1024 * 1024
/** Bodies of text hardly shrink more. */
const USUAL_RATIO = 8
/** Above what the body may come to, for the last bytes of the format. */
const SLACK_BYTES = 64

/**
 * Size of the pieces in which node:zlib gives what it makes of a body. Each costs a turn of the event loop, and more than one
 * are copied together in one go, which takes many milliseconds of it where the body is large: so there is to be one as a rule.
 */
export function packedChunkBytes(body: Uint8Array): number {
  return between(LEAST_BYTES, body.length + SLACK_BYTES, MOST_PACKED_BYTES)
}

/** As `packedChunkBytes`, of what a compressed body inflates to, which is at most `maxBytes`. */
export function inflatedChunkBytes(body: Uint8Array, maxBytes: number): number {
  return between(LEAST_BYTES, Math.min(USUAL_RATIO * body.length, maxBytes + SLACK_BYTES), MOST_INFLATED_BYTES)
}

/** The bytes in memory of their own where they would hold more than twice as much. */
export function fitted(bytes: Buffer): Buffer {
  if (bytes.buffer.byteLength <= 2 * bytes.length) return bytes
  const copy = Buffer.allocUnsafeSlow(bytes.length)
  bytes.copy(copy)
  return copy
}

function between(least: number, value: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}
