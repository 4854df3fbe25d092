import { readFileSync } from 'node:fs'
import { systemClock } from '../lib/runtime/clock'

/** Above this, in cores, others are said to disturb a measurement. */
export const QUIET_CORES = 0.15

/** What `/proc` counts processor time in, on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100
const LOOK_MS = 500

/** Processor time that everything on the machine has used so far; NaN where that cannot be told. */
export function machineCpuSeconds(): number {
  try {
    const [user, nice, system, , , irq, softirq, steal] = ticksOf('/proc/stat', /^cpu +/)
    return sum([user, nice, system, irq, softirq, steal]) / TICKS_PER_SECOND
  } catch {
    return NaN
  }
}

/** Resolves when the machine has been quiet for half a second, or at `deadline`, monotonic ms. */
export async function untilQuiet(deadline: number, signal: AbortSignal): Promise<void> {
  while (systemClock.monotonic() < deadline) {
    const before = machineCpuSeconds()
    await systemClock.sleep(LOOK_MS, signal)
    if (!(machineCpuSeconds() - before > (QUIET_CORES * LOOK_MS) / 1000)) return
  }
}

/** Processor time that these processes have used so far; NaN where that cannot be told. */
export function cpuSecondsOf(pids: readonly number[]): number {
  try {
    // Fields 14 and 15 are user and system time; the second field, which may hold blanks, is the program's name.
    const ticks = pids.map(pid => sum(ticksOf(`/proc/${pid}/stat`, /^.*\) /s).slice(11, 13)))
    return sum(ticks) / TICKS_PER_SECOND
  } catch {
    return NaN
  }
}

const MEMORY_LINES = { now: /^VmRSS:\s*(\d+) kB$/m, peak: /^VmHWM:\s*(\d+) kB$/m } as const

/** The memory that a process holds, or the most that it has held so far, bytes; null where that cannot be told. */
export function memoryOf(pid: number, when: keyof typeof MEMORY_LINES): number | null {
  try {
    const kilobytes = MEMORY_LINES[when].exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kilobytes === undefined ? null : Number(kilobytes) * 1024
  } catch {
    return null
  }
}

/** The numbers behind the beginning of a file's first line. */
function ticksOf(file: string, beginning: RegExp): number[] {
  const [line = ''] = readFileSync(file, 'utf8').replace(beginning, '').split('\n')
  return line.split(' ').map(Number)
}

function sum(values: readonly (number | undefined)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? NaN), 0)
}
