import type { ErrorCode } from '../../lib/errors'
import { RocketMQError } from '../../lib/errors'
import fc from '../support/property'

/** One reader of bytes that strangers wrote. */
export interface FuzzTarget {
  /** For `--target`. */
  readonly name: string
  /** What it is given: rather what is nearly right than noise. */
  readonly input: fc.Arbitrary<Buffer>
  /** Reads the input, and throws or rejects where the reader does what it must not. It must not keep the bytes. */
  readonly read: (bytes: Buffer) => void | Promise<void>
}

/** Runs a reader that may fail with errors of these codes alone; resolves with undefined where it did. */
export function refusedOr<T>(codes: readonly ErrorCode[], read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (RocketMQError.is(error) && codes.includes(error.code)) return undefined
    throw error
  }
}

/** The property that fast-check tries: each input is read as the target says. */
export function propertyOf({ input, read }: FuzzTarget): fc.IAsyncPropertyWithHooks<[Buffer]> {
  return fc.asyncProperty(input, async bytes => read(bytes))
}
