import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { systemClock } from '../../lib/runtime/clock'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Bytes on the heap that are in use, after everything that can be freed was freed. */
export async function heapInUse(): Promise<number> {
  // What finalizers and the next turns let go is gone with the second round.
  for (let round = 0; round < 2; round++) {
    await new Promise(resolve => setImmediate(resolve))
    collect()
  }
  return process.memoryUsage().heapUsed
}

/** Timers and sockets that keep this process alive, by their kind. */
export function resources(): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}

/** Listeners that this process has for what happens to it. */
export function processListeners(): number {
  return PROCESS_EVENTS.reduce((sum, event) => sum + process.listenerCount(event), 0)
}

/** Kinds of which there are more than before; asked again for a moment, as sockets take some turns to close. */
export async function leftovers(before: Record<string, number>): Promise<string[]> {
  let found: string[] = []
  for (let tries = 0; tries < 50; tries++) {
    found = Object.entries(resources()).flatMap(([kind, count]) => {
      const more = count - (before[kind] ?? 0)
      return more > 0 && COUNTED.has(kind) ? [`${more} ${kind}`] : []
    })
    if (found.length === 0) return []
    await systemClock.sleep(20)
  }
  return found
}

const PROCESS_EVENTS = ['SIGTERM', 'SIGINT', 'uncaughtException', 'unhandledRejection', 'exit', 'beforeExit'] as const

/** The rest comes and goes with files, compression and names. */
const COUNTED = new Set(['Timeout', 'TCPSocketWrap', 'TCPServerWrap', 'TCPConnectWrap', 'Immediate'])
