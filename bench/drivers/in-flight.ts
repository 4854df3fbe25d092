import { type Measured, startStopwatch } from './rounds'

/** Starts `total` calls, `inFlight` of them at a time, and measures until the last one has ended; the first failure ends it. */
export function inFlight(total: number, atOnce: number, start: () => Promise<unknown>): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const stop = startStopwatch()
    let started = 0
    let ended = 0
    const startOne = (): void => {
      started++
      start().then(onEnd, reject)
    }
    const onEnd = (): void => {
      ended++
      if (started < total) startOne()
      else if (ended === total) resolve(stop())
    }
    for (let i = 0; i < atOnce && started < total; i++) startOne()
  })
}
