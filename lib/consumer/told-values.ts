import type { Clock } from '../runtime/clock'

/** Bytes of a MiB. */
export const MIB = 1_048_576

/** A size as administrators are told of it: whole MiB. */
export function wholeMiB(bytes: number): number {
  return Math.floor(bytes / MIB)
}

/** A monotonic time as administrators are told of it: wall time, ms; 0 where there is none. */
export function wallTime(clock: Clock, at: number | undefined): number {
  return at === undefined ? 0 : Math.round(clock.now() - (clock.monotonic() - at))
}
