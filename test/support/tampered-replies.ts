import { decodeFrame } from '../../lib/wire/frame-decoder'
import { encodeFrame } from '../../lib/wire/frame-writer'
import type { RemotingCommand } from '../../lib/wire/remoting-command'

const LENGTH_BYTES = 4
const REPEATED_EVERY = 3
const UNKNOWN_EVERY = 4
/** Added to the number of a request: no client gets as far. */
const UNKNOWN = 1_000_000_000

/**
 * Answers to the one client behind it are repeated, come for requests that nobody has made, and, those to some sends, only
 * when they are let go.
 */
export class TamperedReplies {
  /** Answers that nobody waits for, so far. */
  strays = 0
  /** So many answers to the next sends are held back. */
  toHold = 0
  #seen = 0
  #held: Buffer[] = []
  #isReleased = false

  /** For the weather. */
  readonly replies = (frame: Buffer): readonly Buffer[] => {
    const reply = decodeFrame(frame, LENGTH_BYTES, frame.length)
    const isOfSend = reply.extFields?.['msgId'] !== undefined
    if (isOfSend && this.toHold > 0) {
      this.toHold--
      this.#held.push(frame)
      return []
    }
    const frames = [...(isOfSend ? this.#late() : []), ...this.#around(frame, reply)]
    this.strays += frames.length - 1
    return frames
  }

  /** What was held back comes before the next answer to a send, on the same connection. */
  letGo(): void {
    this.#isReleased = true
  }

  #late(): Buffer[] {
    return this.#isReleased ? this.#held.splice(0) : []
  }

  #around(frame: Buffer, reply: RemotingCommand): Buffer[] {
    const number = this.#seen++
    const frames = number % REPEATED_EVERY === 0 ? [frame, frame] : [frame]
    return number % UNKNOWN_EVERY === 0 ? [changed(reply, { opaque: reply.opaque + UNKNOWN }), ...frames] : frames
  }
}

/** The bytes of a frame like the one that came, but for what is given. */
export function changed(frame: RemotingCommand, changes: Partial<RemotingCommand>): Buffer {
  return encodeFrame({ ...frame, language: 'JAVA', ...changes } as Parameters<typeof encodeFrame>[0])
}
