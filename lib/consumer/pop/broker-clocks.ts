import type { PopExtraInfo } from '../../wire/pop-extra-info'
import type { Clock } from '../../runtime/clock'

/** Handles tell times by their broker's clock; this tells them by ours, however much the two differ. */
export class BrokerClocks {
  readonly #clock: Pick<Clock, 'monotonic'>
  /** What the clock of a broker is ahead of our monotonic one, ms. */
  readonly #ahead = new Map<string, number>()

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock
  }

  /** A broker has told its time; `askedAt`, monotonic ms, is when it was asked, so that we are rather early than late. */
  learn(brokerName: string, brokerTime: number, askedAt: number): void {
    this.#ahead.set(brokerName, brokerTime - askedAt)
  }

  /** For how long nobody else sees the message of a handle, ms, negative where that is over; Infinity where we cannot know. */
  remainingMs({ brokerName, popTime, invisibleTime }: PopExtraInfo): number {
    const ahead = this.#ahead.get(brokerName)
    return ahead === undefined ? Infinity : popTime + invisibleTime - ahead - this.#clock.monotonic()
  }
}
