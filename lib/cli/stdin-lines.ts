import type { Readable } from 'node:stream'
import { RocketMQError } from '../errors'
import { onAbort } from '../runtime/on-abort'

const NEWLINE = 10
const RETURN = 13
/** A line that is longer is no message; it would only fill the memory. */
const MAX_LINE_BYTES = 64 * 1024 * 1024

/**
 * Lines of a stream as bytes, without their ends, in groups as they arrive; empty lines are left out. Reads no faster than
 * the groups are taken. Ends when the signal is aborted.
 */
export async function* stdinLines(input: Readable, signal: AbortSignal): AsyncGenerator<readonly Buffer[]> {
  const stop = (): void => void input.destroy()
  onAbort(signal, stop)
  let rest: Buffer = Buffer.alloc(0)
  try {
    for await (const chunk of input as AsyncIterable<Buffer>) {
      const { lines, left } = split(rest.length === 0 ? chunk : Buffer.concat([rest, chunk]))
      rest = left
      if (rest.length > MAX_LINE_BYTES) throw tooLong()
      if (lines.length > 0) yield lines
    }
    if (rest.length > 0) yield [rest]
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

function split(bytes: Buffer): { lines: Buffer[]; left: Buffer } {
  const lines: Buffer[] = []
  let start = 0
  for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
    const line = bytes.subarray(start, end > start && bytes[end - 1] === RETURN ? end - 1 : end)
    if (line.length > 0) lines.push(line)
    start = end + 1
  }
  return { lines, left: bytes.subarray(start) }
}

function tooLong(): RocketMQError {
  return new RocketMQError(
    'INVALID_MESSAGE',
    `a line of standard input has more than ${MAX_LINE_BYTES} bytes: it cannot be a message`,
  )
}
