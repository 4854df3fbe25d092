import { Duplex } from 'node:stream'
import { FrameDecoder } from '../../lib/wire/frame-decoder'
import { encodeFrame } from '../../lib/wire/frame-writer'
import { FLAG_RESPONSE, type OutgoingCommand, type RemotingCommand } from '../../lib/wire/remoting-command'

type Done = (error?: Error | null) => void

/** A socket without a network: keeps what is written, and receives what the test says. */
export class FakeSocket extends Duplex {
  /** What each call of the operating system would have got. */
  readonly writes: Buffer[] = []
  #stuck = false
  #held: Done | undefined

  constructor() {
    super({ allowHalfOpen: false })
  }

  /** While it is stuck the peer takes nothing more. */
  set stuck(stuck: boolean) {
    this.#stuck = stuck
    if (stuck) return
    const done = this.#held
    this.#held = undefined
    done?.()
  }

  /** All frames that were written. */
  get frames(): RemotingCommand[] {
    const frames: RemotingCommand[] = []
    new FrameDecoder(frame => frames.push(frame)).push(Buffer.concat(this.writes))
    return frames
  }

  /** Bytes come from the peer; they are read in this very turn. */
  receive(bytes: Uint8Array): void {
    this.emit('data', Buffer.from(bytes))
  }

  /** A frame comes from the peer. */
  receiveFrame(frame: Partial<OutgoingCommand>): void {
    this.receive(
      encodeFrame({ code: 0, language: 'JAVA', version: 513, opaque: 1, flag: 0, serializeType: 'JSON', ...frame }),
    )
  }

  /** An answer comes from the peer. */
  receiveReply(opaque: number, frame: Partial<OutgoingCommand> = {}): void {
    this.receiveFrame({ opaque, flag: FLAG_RESPONSE, ...frame })
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: Done): void {
    this.#take([chunk], done)
  }

  override _writev(chunks: { chunk: Buffer }[], done: Done): void {
    this.#take(
      chunks.map(({ chunk }) => chunk),
      done,
    )
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#held?.(error ?? new Error('the write was cancelled'))
    this.#held = undefined
    done(error)
  }

  #take(chunks: Buffer[], done: Done): void {
    this.writes.push(Buffer.concat(chunks))
    if (this.#stuck) this.#held = done
    else done()
  }
}
