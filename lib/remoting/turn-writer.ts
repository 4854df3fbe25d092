import type { Duplex } from 'node:stream'
import { FrameWriter } from '../wire/frame-writer'
import type { OutgoingCommand } from '../wire/remoting-command'

type Written = (error: Error | null | undefined) => void

/**
 * Writes frames to a socket so that all frames of one turn of the event loop leave in one write: at its end, after everything
 * that was there to be read.
 */
export class TurnWriter {
  readonly #socket: Duplex
  readonly #frames = new FrameWriter()
  #written: Written[] = []
  #scheduled = false
  readonly #flush = (): void => this.flush()

  constructor(socket: Duplex) {
    this.#socket = socket
  }

  /**
   * @param written called when the frame has been handed to the operating system, or could not be
   * @throws RocketMQError INVALID_MESSAGE where the frame is too large
   */
  write(command: OutgoingCommand, written?: Written): void {
    this.#frames.write(command)
    if (written !== undefined) this.#written.push(written)
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(this.#flush)
  }

  /**
   * Writes a frame, and those that were gathered, without waiting for the end of the turn.
   * @throws RocketMQError INVALID_MESSAGE where the frame is too large
   */
  writeNow(command: OutgoingCommand): void {
    this.#frames.write(command)
    this.flush()
  }

  /** Writes what was gathered, without waiting for the end of the turn. */
  flush(): void {
    this.#scheduled = false
    const chunks = this.#frames.take()
    const written = this.#written
    if (written.length > 0) this.#written = []
    const last = chunks.pop()
    if (last === undefined) return
    if (chunks.length > 0) this.#socket.cork()
    for (const chunk of chunks) this.#socket.write(chunk)
    if (written.length === 0) this.#socket.write(last)
    else this.#socket.write(last, error => written.forEach(each => each(error)))
    if (chunks.length > 0) this.#socket.uncork()
  }
}
