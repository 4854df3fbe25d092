import { readFile } from 'node:fs/promises'
import { asError, RocketMQError } from '../errors'
import { stdinLines } from './stdin-lines'

/** Where the bodies of a produce command come from: at most one of body, file and size, else standard input. */
export interface BodyOptions {
  readonly body?: string
  readonly file?: string
  readonly size?: number
  readonly count?: number
}

/** Messages of one batch at most. */
const GROUP = 32
const FILLER = 'abcdefghijklmnopqrstuvwxyz'

/**
 * The bodies to send, in groups of those that are to be had without waiting.
 * @throws RocketMQError INVALID_ARGUMENT where the file cannot be read
 */
export async function* bodies(options: BodyOptions, signal: AbortSignal): AsyncGenerator<readonly Buffer[]> {
  const { body, file, size, count } = options
  if (size !== undefined) yield* repeated(number => generated(number, size), count)
  else if (body !== undefined || file !== undefined) {
    const bytes = body === undefined ? await contentsOf(String(file)) : Buffer.from(body)
    yield* repeated(() => bytes, count)
  } else yield* limited(stdinLines(process.stdin, signal), count ?? Infinity)
}

/** Groups cut to at most `most` items each. */
export async function* cut<T>(groups: AsyncIterable<readonly T[]>, most: number): AsyncGenerator<readonly T[]> {
  for await (const group of groups) {
    for (let start = 0; start < group.length; start += most) yield group.slice(start, start + most)
  }
}

function* repeated(make: (number: number) => Buffer, count = 1): Generator<readonly Buffer[]> {
  for (let done = 0; done < count; done += GROUP) {
    yield Array.from({ length: Math.min(GROUP, count - done) }, (_, i) => make(done + i + 1))
  }
}

async function* limited<T>(groups: AsyncIterable<readonly T[]>, count: number): AsyncGenerator<readonly T[]> {
  let left = count
  for await (const group of groups) {
    yield group.length > left ? group.slice(0, left) : group
    left -= group.length
    if (left <= 0) return
  }
}

/** The number of the message and as many letters as are needed. */
function generated(number: number, size: number): Buffer {
  const bytes = Buffer.alloc(size, FILLER)
  bytes.write(`${number} `.slice(0, size))
  return bytes
}

async function contentsOf(file: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (error) {
    throw new RocketMQError('INVALID_ARGUMENT', `--file cannot be read: ${asError(error).message}`, { cause: error })
  }
}
