import { RocketMQError } from '../errors'
import { encodeJsonHeader } from './header-json'
import { rocketmqHeaderBound, writeRocketmqHeader } from './header-rocketmq'
import { MAX_FRAME_BYTES, type OutgoingCommand } from './remoting-command'

const SLAB_BYTES = 65_536
/** Bodies up to this size are copied behind their header: one chunk of many frames beats a chunk per body. */
const COPY_LIMIT = 16_384
const HEAD_BYTES = 8

/**
 * Gathers the frames of one event-loop turn into few chunks. Headers and small bodies are written once, into a shared
 * slab; large bodies are passed on as they are.
 */
export class FrameWriter {
  #slab: Buffer = Buffer.allocUnsafeSlow(SLAB_BYTES)
  #start = 0
  #end = 0
  #chunks: Uint8Array[] = []

  /** @throws RocketMQError INVALID_MESSAGE where the frame would pass 16 MiB; nothing is written then */
  write(command: OutgoingCommand): void {
    const bodyBytes = command.body?.length ?? 0
    const copies = bodyBytes <= COPY_LIMIT
    if (command.serializeType === 'JSON') this.#writeJson(command, bodyBytes, copies)
    else this.#writeRocketmq(command, bodyBytes, copies)
    if (command.body === undefined || bodyBytes === 0) return
    if (copies) {
      this.#slab.set(command.body, this.#end)
      this.#end += bodyBytes
    } else {
      this.#cut()
      this.#chunks.push(command.body)
    }
  }

  /** The chunks gathered since the last call, in order; they are never written to again. */
  take(): Uint8Array[] {
    this.#cut()
    const chunks = this.#chunks
    this.#chunks = []
    return chunks
  }

  #writeJson(command: OutgoingCommand, bodyBytes: number, copies: boolean): void {
    const text = encodeJsonHeader(command)
    const at = this.#reserve(HEAD_BYTES + 3 * text.length + (copies ? bodyBytes : 0))
    this.#finishHeader(at, 0, this.#slab.write(text, at + HEAD_BYTES), bodyBytes)
  }

  #writeRocketmq(command: OutgoingCommand, bodyBytes: number, copies: boolean): void {
    const at = this.#reserve(HEAD_BYTES + rocketmqHeaderBound(command) + (copies ? bodyBytes : 0))
    const headerEnd = writeRocketmqHeader(command, this.#slab, at + HEAD_BYTES)
    this.#finishHeader(at, 1, headerEnd - at - HEAD_BYTES, bodyBytes)
  }

  #finishHeader(at: number, type: number, headerBytes: number, bodyBytes: number): void {
    const length = 4 + headerBytes + bodyBytes
    if (length + 4 > MAX_FRAME_BYTES) {
      throw new RocketMQError(
        'INVALID_MESSAGE',
        `the frame of ${length + 4} bytes is above the limit of ${MAX_FRAME_BYTES}`,
      )
    }
    this.#slab.writeInt32BE(length, at)
    this.#slab.writeUInt32BE(((type << 24) | headerBytes) >>> 0, at + 4)
    this.#end = at + HEAD_BYTES + headerBytes
  }

  /** Makes room for `bytes` and returns where they start. */
  #reserve(bytes: number): number {
    if (this.#end + bytes > this.#slab.length) {
      this.#cut()
      this.#slab = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, bytes))
      this.#start = 0
      this.#end = 0
    }
    return this.#end
  }

  #cut(): void {
    if (this.#end === this.#start) return
    this.#chunks.push(this.#slab.subarray(this.#start, this.#end))
    this.#start = this.#end
  }
}

/** One whole frame in memory of its own. */
export function encodeFrame(command: OutgoingCommand): Buffer {
  const writer = new FrameWriter()
  writer.write(command)
  return Buffer.concat(writer.take())
}
