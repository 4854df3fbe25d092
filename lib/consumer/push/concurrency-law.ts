import type { ConcurrencyRange } from './concurrency-range'

/** Why the number of calls at a time was moved. */
export type ConcurrencyMove = 'BACKLOG' | 'IDLE' | 'LATENCY' | 'EVENT_LOOP'

/** What was seen since the last look. */
export interface ConcurrencySample {
  readonly elapsedMs: number
  /** Calls that have ended, and how long they took together. */
  readonly calls: number
  readonly callMs: number
  /** Calls under way now. */
  readonly running: number
  /** Messages that wait for a listener now. */
  readonly waiting: number
  readonly loopLagMs: number
}

/** The limit before it was raised, and the calls a second that ended under it. */
interface Raise {
  readonly from: number
  readonly callsPerSecond: number | undefined
}

interface Window {
  elapsedMs: number
  calls: number
  callMs: number
  looks: number
  /** Looks that found all places taken and messages waiting. */
  fullLooks: number
  peak: number
}

/** Beyond this the process has enough to do: more calls at a time would only wait for the event loop. */
const MAX_LOOP_LAG_MS = 50
const LOOP_LAG_CUT = 0.75
/** Until it is tried to raise the limit again after that: what keeps the event loop busy may be over soon, as a start is. */
const LOOP_LAG_HOLD_MS = 2000
/** Calls are judged by many of them, or by what there is after a while where they are slow. */
const MIN_CALLS = 16
const MIN_WINDOW_MS = 1000
const MAX_WINDOW_MS = 5000
/** A limit is raised by half as long as that helps, by a quarter once it has not. */
const FIRST_STRIDE = 0.5
const STRIDE = 0.25
/** Of the calls that a raise could bring at most, those that it must bring to be kept. */
const WANTED_GAIN = 0.5
/** Until a raise is tried again that was no use. */
const HOLD_MS = 10_000
/** Calls that take longer than so many times the usual are too many for what they wait for. */
const SLOW = 2
const SLOW_CUT = 0.9
const IDLE_CUT = 0.75
const USUAL_WEIGHT = 0.2

/**
 * Finds how many calls at a time are of use. It raises the limit while messages wait and every place is taken, keeps a raise
 * only where more calls end for it (else calls have become slower in proportion), and lowers it where calls take much longer
 * than usual, where the event loop lags, and where places are not used.
 */
export class ConcurrencyLaw {
  readonly #range: ConcurrencyRange
  #limit: number
  #window = emptyWindow()
  #raise: Raise | undefined
  #stride = FIRST_STRIDE
  #holdMs = 0
  /** Of a call, in the long run, ms. */
  #usualMs: number | undefined
  #lastMove: ConcurrencyMove | undefined

  /** @param limit to begin with; taken into the range */
  constructor(range: ConcurrencyRange, limit: number = range.min) {
    this.#range = range
    this.#limit = this.#within(limit)
  }

  get limit(): number {
    return this.#limit
  }

  /** Undefined before the first. */
  get lastMove(): ConcurrencyMove | undefined {
    return this.#lastMove
  }

  /** Takes in what was seen, and gives the limit from now on. */
  look(sample: ConcurrencySample): number {
    this.#note(sample)
    this.#holdMs = Math.max(0, this.#holdMs - sample.elapsedMs)
    if (sample.loopLagMs > MAX_LOOP_LAG_MS)
      this.#cut({ factor: LOOP_LAG_CUT, why: 'EVENT_LOOP', holdMs: LOOP_LAG_HOLD_MS })
    else if (this.#isWhole) this.#judge()
    return this.#limit
  }

  #note({ elapsedMs, calls, callMs, running, waiting }: ConcurrencySample): void {
    const window = this.#window
    window.elapsedMs += elapsedMs
    window.calls += calls
    window.callMs += callMs
    window.looks++
    window.peak = Math.max(window.peak, running)
    if (waiting > 0 && running >= this.#limit) window.fullLooks++
  }

  get #isWhole(): boolean {
    const { elapsedMs, calls } = this.#window
    if (elapsedMs < MIN_WINDOW_MS) return false
    return elapsedMs >= MAX_WINDOW_MS || calls >= Math.max(MIN_CALLS, 2 * this.#limit)
  }

  #judge(): void {
    const { calls, callMs, elapsedMs, looks, fullLooks, peak } = this.#window
    // Of calls that are slower than the window is long nothing can be said.
    const callsPerSecond = calls >= this.#limit ? (calls * 1000) / elapsedMs : undefined
    const meanMs = calls === 0 ? undefined : callMs / calls
    if (this.#isInVain(callsPerSecond)) this.#takeBack()
    else if (meanMs !== undefined && meanMs > SLOW * (this.#usualMs ?? meanMs))
      this.#cut({ factor: SLOW_CUT, why: 'LATENCY', holdMs: HOLD_MS })
    else if (2 * fullLooks >= looks) this.#grow(callsPerSecond)
    else if (2 * peak < this.#limit) this.#rest(peak)
    else this.#raise = undefined
    if (meanMs !== undefined) this.#usualMs = (this.#usualMs ?? meanMs) * (1 - USUAL_WEIGHT) + meanMs * USUAL_WEIGHT
    this.#window = emptyWindow()
  }

  /** True where the limit was raised, and about as many calls end as before. */
  #isInVain(callsPerSecond: number | undefined): boolean {
    const before = this.#raise?.callsPerSecond
    if (this.#raise === undefined || before === undefined || callsPerSecond === undefined) return false
    const wanted = 1 + WANTED_GAIN * (this.#limit / this.#raise.from - 1)
    return callsPerSecond < before * wanted
  }

  #takeBack(): void {
    this.#stride = STRIDE
    this.#holdMs = HOLD_MS
    this.#move(this.#raise?.from ?? this.#limit, 'LATENCY')
    this.#raise = undefined
  }

  #grow(callsPerSecond: number | undefined): void {
    if (this.#holdMs > 0) return
    const raise = { from: this.#limit, callsPerSecond }
    this.#move(this.#limit + Math.max(1, Math.floor(this.#limit * this.#stride)), 'BACKLOG')
    this.#raise = this.#limit > raise.from ? raise : undefined
  }

  #rest(peak: number): void {
    this.#stride = FIRST_STRIDE
    this.#move(Math.max(peak + 1, Math.floor(this.#limit * IDLE_CUT)), 'IDLE')
    this.#raise = undefined
  }

  #cut({ factor, why, holdMs }: { factor: number; why: ConcurrencyMove; holdMs: number }): void {
    const before = this.#limit
    this.#holdMs = Math.max(this.#holdMs, holdMs)
    this.#move(Math.floor(before * factor), why)
    if (this.#limit < before) this.#stride = STRIDE
    this.#raise = undefined
    this.#window = emptyWindow()
  }

  #move(limit: number, why: ConcurrencyMove): void {
    const next = this.#within(limit)
    if (next !== this.#limit) this.#lastMove = why
    this.#limit = next
  }

  #within(limit: number): number {
    return Math.min(this.#range.max, Math.max(this.#range.min, limit))
  }
}

function emptyWindow(): Window {
  return { elapsedMs: 0, calls: 0, callMs: 0, looks: 0, fullLooks: 0, peak: 0 }
}
