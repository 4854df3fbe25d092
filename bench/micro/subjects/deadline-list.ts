import type * as DeadlineListFile from '../../../lib/remoting/deadline-list'
import type { Deadline } from '../../../lib/remoting/deadline-list'
import { systemClock } from '../../../lib/runtime/clock'
import type { Measurable, MeasuredBuild, Subject } from '../micro-case'

const TURNS = 100

/** So many requests wait; the oldest is answered and another one sent. Sends of 3 s are mixed with pulls of 30 s. */
function turning(build: MeasuredBuild, waiting: number): Measurable {
  const { DeadlineList, NOT_LISTED } = build.load<typeof DeadlineListFile>('remoting/deadline-list')
  const list = new DeadlineList<Deadline>(systemClock, () => undefined)
  const links = { previousDeadline: undefined, nextDeadline: undefined }
  const entries = Array.from({ length: waiting }, () => ({ deadlineAt: 0, deadlineSlot: NOT_LISTED, ...links }))
  entries.forEach((entry, i) => list.add(entry, i % 8 === 0 ? 30_000 : 3000))
  let oldest = 0
  const run = (): unknown => {
    for (let i = 0; i < TURNS; i++) {
      const entry = entries[oldest] as Deadline
      list.remove(entry)
      list.add(entry, oldest % 8 === 0 ? 30_000 : 3000)
      oldest = (oldest + 1) % waiting
    }
    return list.size
  }
  return { ops: TURNS, run, close: async () => list.stop() }
}

/** Deadlines of requests under way: one is taken out and one is put in. */
export const deadlineList: Subject = {
  'one out, one in, 256 waiting': build => turning(build, 256),
  'one out, one in, 10,000 waiting': build => turning(build, 10_000),
}
