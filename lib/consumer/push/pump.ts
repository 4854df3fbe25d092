import type { Clock } from '../../runtime/clock'

/** Work that returns no promise is interrupted after this time, so that heartbeats and pulls go on. */
export const TURN_MS = 10

/** Repeats a step as long as it finds something to do, in turns of the event loop that leave time for others. */
export class Pump {
  readonly #clock: Clock
  readonly #step: (now: number) => boolean
  #isRunning = false
  #runsLater = false

  /** @param step gets the monotonic time, ms; false where there is nothing to do */
  constructor(clock: Clock, step: (now: number) => boolean) {
    this.#clock = clock
    this.#step = step
  }

  /** There may be something to do. */
  run(): void {
    if (this.#isRunning || this.#runsLater) return
    this.#isRunning = true
    try {
      this.#turn()
    } finally {
      this.#isRunning = false
    }
  }

  #turn(): void {
    const beganAt = this.#clock.monotonic()
    let now = beganAt
    while (this.#step(now)) {
      now = this.#clock.monotonic()
      if (now - beganAt > TURN_MS) {
        this.#runLater()
        return
      }
    }
  }

  /** Once, whoever asks: each that goes on by itself would take a part of every turn. */
  #runLater(): void {
    this.#runsLater = true
    setImmediate(() => {
      this.#runsLater = false
      this.run()
    })
  }
}
