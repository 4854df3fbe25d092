import { RocketMQError, asError } from '../errors'
import { onAbort } from './on-abort'

/** A timer that can be called off. */
export interface Timer {
  /** The callback is not called any more. */
  cancel(): void
}

/**
 * The only source of time. Durations and deadlines are taken from `monotonic`, wall time only for stamps,
 * so that a step of the system clock never expires anything.
 */
export interface Clock {
  /** Wall time, milliseconds since 1970 UTC. */
  now(): number
  /** Milliseconds since an arbitrary start; never goes back. */
  monotonic(): number
  /** Runs `callback` once, `ms` milliseconds from now. A pending timer keeps the process alive unless `background` is set. */
  after(ms: number, callback: () => void, options?: { background?: boolean }): Timer
  /** Resolves after `ms`; rejects with ABORTED when aborted before. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** Node fires timers above this at once. */
const MAX_TIMER_MS = 0x7fffffff

/** Node's own clock and timers. */
export class SystemClock implements Clock {
  now(): number {
    return Date.now()
  }

  monotonic(): number {
    return performance.now()
  }

  after(ms: number, callback: () => void, options: { background?: boolean } = {}): Timer {
    if (ms > MAX_TIMER_MS) return this.#afterLong(ms, callback, options)
    const handle = setTimeout(callback, ms)
    if (options.background) handle.unref()
    return { cancel: () => clearTimeout(handle) }
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, ms, signal)
  }

  #afterLong(ms: number, callback: () => void, options: { background?: boolean }): Timer {
    let timer = this.after(
      MAX_TIMER_MS,
      () => {
        timer = this.after(ms - MAX_TIMER_MS, callback, options)
      },
      options,
    )
    return { cancel: () => timer.cancel() }
  }
}

/** The clock of everything that is given no other. */
export const systemClock: Clock = new SystemClock()

/** `Clock.sleep` in terms of `Clock.after`, shared by all clocks. */
export function sleepOn(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(abortReason(signal))
      return
    }
    const aborted = (): void => {
      timer.cancel()
      reject(abortReason(signal as AbortSignal))
    }
    const timer = clock.after(ms, () => {
      signal?.removeEventListener('abort', aborted)
      resolve()
    })
    if (signal !== undefined) onAbort(signal, aborted)
  })
}

/** What an aborted wait rejects with: ABORTED, whose cause is the signal's reason, or the reason itself where it is ABORTED. */
export function abortReason(signal: AbortSignal): RocketMQError {
  const reason: unknown = signal.reason
  if (RocketMQError.is(reason) && reason.code === 'ABORTED') return reason
  return new RocketMQError('ABORTED', `the call was aborted (${asError(reason).message})`, { cause: reason })
}
