import type { ConsumeQueue } from './consume-queue'

/** Which message a time stands for: the first at or after it, the last at or before it, or (4.9) the nearest. */
export type TimeBoundary = 'lower' | 'upper' | 'nearest'

/** The offset of a queue that a time, ms since 1970 UTC, stands for; always one that the queue holds or the next one. */
export function searchByTime(queue: ConsumeQueue, time: number, boundary: TimeBoundary): number {
  if (queue.minOffset === queue.maxOffset) return queue.maxOffset
  switch (boundary) {
    case 'lower':
      return firstWhere(queue, storeTime => storeTime >= time)
    case 'upper':
      return Math.max(queue.minOffset, firstWhere(queue, storeTime => storeTime > time) - 1)
    case 'nearest':
      return nearest(queue, time)
  }
}

/** Times never fall in a queue, so that what holds for one message holds for all after it. */
function firstWhere(queue: ConsumeQueue, holds: (storeTime: number) => boolean): number {
  let low = queue.minOffset
  let high = queue.maxOffset
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (holds(queue.storeTimeOf(middle))) high = middle
    else low = middle + 1
  }
  return low
}

/** As 4.9 does it: of several messages of that very time it takes the one that its bisection meets first. */
function nearest(queue: ConsumeQueue, time: number): number {
  let low = queue.minOffset
  let high = queue.maxOffset - 1
  while (low <= high) {
    const middle = Math.floor((low + high) / 2)
    const storeTime = queue.storeTimeOf(middle)
    if (storeTime === time) return middle
    if (storeTime > time) high = middle - 1
    else low = middle + 1
  }
  if (high < queue.minOffset) return low
  if (low === queue.maxOffset) return high
  return time - queue.storeTimeOf(high) > queue.storeTimeOf(low) - time ? low : high
}
