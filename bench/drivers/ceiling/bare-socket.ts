import { connect, type Socket } from 'node:net'
import { parseAddress } from '../../../lib/remoting/address'

/** Where a frame has its body. */
export type OnFrame = (chunk: Buffer, bodyStart: number, bodyBytes: number) => void

const HEAD_BYTES = 8
/** So much of a body is there when a frame is told. */
const BODY_HEAD_BYTES = 16

/** Finds frames in a stream and nothing more: bodies are skipped, not gathered. */
export class FrameCounter {
  readonly #onFrame: OnFrame
  #carry: Buffer | undefined
  #skip = 0

  constructor(onFrame: OnFrame) {
    this.#onFrame = onFrame
  }

  push(received: Buffer): void {
    const chunk = this.#carry === undefined ? received : Buffer.concat([this.#carry, received])
    this.#carry = undefined
    let at = this.#skip
    while (at < chunk.length) {
      const end = this.#count(chunk, at)
      if (end === undefined) {
        this.#carry = chunk.subarray(at)
        this.#skip = 0
        return
      }
      at = end
    }
    this.#skip = at - chunk.length
  }

  /** Tells the frame at `at` and returns where it ends; undefined while its beginning is not all there. */
  #count(chunk: Buffer, at: number): number | undefined {
    if (chunk.length - at < HEAD_BYTES) return undefined
    const length = chunk.readInt32BE(at)
    const headerBytes = chunk.readInt32BE(at + 4) & 0xffffff
    const bodyStart = at + HEAD_BYTES + headerBytes
    const bodyBytes = length - 4 - headerBytes
    if (bodyBytes > 0 && chunk.length - bodyStart < BODY_HEAD_BYTES) return undefined
    this.#onFrame(chunk, bodyStart, bodyBytes)
    return at + 4 + length
  }
}

/** A socket without anything around it. */
export function openBareSocket(address: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...parseAddress(address), noDelay: true })
    socket.once('error', reject)
    socket.once('connect', () => resolve(socket))
  })
}
