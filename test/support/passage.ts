import type { Socket } from 'node:net'
import { systemClock } from '../../lib/runtime/clock'
import { FrameDecoder } from '../../lib/wire/frame-decoder'
import { cutFrames } from './cut-frames'
import type { Direction, Pace, Weather } from './weather'

/** One way of a connection that is forwarded: writes what comes in, as the weather has it. */
export class Passage {
  readonly #to: Socket
  readonly #direction: Direction
  readonly #weather: Weather
  readonly #reset: () => void
  readonly #enter: (chunk: Buffer) => void
  /** What is under way, in order; undefined where all is out. */
  #underWay: Promise<void> | undefined

  constructor(to: Socket, direction: Direction, { weather, reset }: { weather: Weather; reset: () => void }) {
    this.#to = to
    this.#direction = direction
    this.#weather = weather
    this.#reset = reset
    this.#enter = this.#entrance()
  }

  /** Takes a chunk in. */
  carry(chunk: Buffer): void {
    const { cut } = this.#weather
    if (cut?.direction !== this.#direction) return this.#enter(chunk)
    if (chunk.length < cut.afterBytes) {
      this.#weather.cut = { ...cut, afterBytes: cut.afterBytes - chunk.length }
      return this.#enter(chunk)
    }
    this.#weather.cut = undefined
    // What is written by now gets out before the reset.
    this.#to.write(chunk.subarray(0, cut.afterBytes), this.#reset)
  }

  #entrance(): (chunk: Buffer) => void {
    const { replies, onRequest } = this.#weather
    if (this.#direction === 'replies' && replies !== undefined)
      return cutFrames(frame => replies(frame).forEach(each => this.#send(each)))
    if (this.#direction === 'requests' && onRequest !== undefined) {
      const decoder = new FrameDecoder(onRequest)
      return chunk => {
        decoder.push(chunk)
        this.#send(chunk)
      }
    }
    return chunk => this.#send(chunk)
  }

  #send(chunk: Buffer): void {
    const { pace } = this.#weather
    if (pace === undefined && this.#underWay === undefined) return void this.#to.write(chunk)
    const dueAt = systemClock.monotonic() + (pace?.delayMs?.() ?? 0)
    const arrival = (this.#underWay ?? Promise.resolve()).then(() => this.#arrive(chunk, { ...pace, dueAt }))
    const last = arrival.finally(() => {
      if (this.#underWay === last) this.#underWay = undefined
    })
    this.#underWay = last
  }

  async #arrive(chunk: Buffer, { dueAt, pieceBytes = chunk.length, bytesPerSecond }: Pace & { dueAt: number }) {
    const early = dueAt - systemClock.monotonic()
    if (early > 0) await systemClock.sleep(early)
    for (let at = 0; at < chunk.length && !this.#to.destroyed; at += pieceBytes) {
      const piece = chunk.subarray(at, at + pieceBytes)
      // The next one is written when this one is out, or they would leave together.
      await new Promise<void>(resolve => this.#to.write(piece, () => resolve()))
      if (bytesPerSecond !== undefined) await systemClock.sleep((piece.length * 1000) / bytesPerSecond)
    }
  }
}
