import type { Clock, Timer } from '../../runtime/clock'
import { PendingWork } from '../../runtime/pending-work'
import { backoffMs } from '../../runtime/random'
import { TokenBucket } from '../../runtime/token-bucket'
import type { Lane, Lanes } from './lanes'
import type { SpoolEntry } from './spool-entry'

/** What became of a try: it waits no more, a broker refused it, or none took it. */
export type ReplayOutcome = 'DONE' | 'REFUSED' | 'NOT_TAKEN'

export interface ReplayerOptions {
  readonly clock: Clock
  readonly lanes: Lanes
  readonly perSecond: number
  /** Tries to send it; never rejects. */
  readonly replay: (entry: SpoolEntry) => Promise<ReplayOutcome>
}

/** Messages under way at a time, where brokers take them. */
const SIDE_BY_SIDE = 16
/** Between tries while no broker takes anything, ms. */
const PROBE_MS = { first: 50, most: 3000 }
/** Between tries of the first message of a lane, ms. */
const LANE_MS = { first: 200, most: 30_000 }

/**
 * Sends what waits in the spool, each lane in its order. While no broker takes anything one message at a time is tried, with
 * growing rests; the first one that is taken has all lanes tried again.
 */
export class Replayer {
  readonly #options: ReplayerOptions
  readonly #bucket: TokenBucket
  readonly #underWay = new PendingWork()
  #timer: Timer | undefined
  #isRunning = false
  #taken = 0
  /** Tries in a row after which nothing was taken. */
  #failures = 0
  #notBefore = 0

  constructor(options: ReplayerOptions) {
    const { perSecond, clock } = options
    this.#options = options
    this.#bucket = new TokenBucket({ perSecond, burst: Math.max(1, Math.floor(perSecond / 10)) }, clock.monotonic())
  }

  /** Begins. */
  start(): void {
    this.#isRunning = true
    this.look()
  }

  /** Begins with nothing more. Resolves when what is under way has ended. */
  async stop(): Promise<void> {
    this.#isRunning = false
    this.#timer?.cancel()
    await this.#underWay.settled()
  }

  /** To be called when something waits. */
  look(): void {
    const { clock, lanes } = this.#options
    this.#timer?.cancel()
    const limit = this.#failures > 0 ? 1 : SIDE_BY_SIDE
    while (this.#isRunning && this.#underWay.size < limit && lanes.size > 0) {
      const now = clock.monotonic()
      const waitMs = Math.max(this.#notBefore - now, this.#bucket.waitMs(now))
      const lane = waitMs > 0 ? undefined : lanes.take(now)
      if (lane === undefined) {
        const dueMs = waitMs > 0 ? waitMs : lanes.nextDue - now
        if (dueMs !== Infinity) this.#timer = clock.after(Math.max(1, dueMs), () => this.look(), { background: true })
        return
      }
      this.#bucket.take(1)
      void this.#underWay.add(this.#try(lane)).then(() => this.look())
    }
  }

  /** Something was taken, here or elsewhere. */
  brokersTake(): void {
    this.#taken++
    if (this.#failures === 0) return
    this.#failures = 0
    this.#notBefore = 0
    this.#options.lanes.wakeAll()
    this.look()
  }

  async #try(lane: Lane): Promise<void> {
    const { clock, lanes, replay } = this.#options
    const taken = this.#taken
    const outcome = await replay(lane.entries.first as SpoolEntry)
    if (outcome === 'DONE') {
      lanes.next(lane)
      return
    }
    const now = clock.monotonic()
    if (outcome === 'REFUSED' || taken !== this.#taken) {
      lanes.rest(lane, now + backoffMs(lane.failures, LANE_MS.first, LANE_MS.most))
      return
    }
    // It is not the lane's fault: the next lane is tried, after a rest of all.
    lanes.again(lane)
    this.#notBefore = now + backoffMs(this.#failures++, PROBE_MS.first, PROBE_MS.most)
  }
}
