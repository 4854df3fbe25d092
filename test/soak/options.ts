import { parseArgs } from 'node:util'

export interface SoakOptions {
  readonly minutes: number
  readonly target: 'emulator' | 'real'
  /** Of the schedule of faults. */
  readonly seed: number
}

export const USAGE = `usage: npm run soak [-- --minutes N] [--target emulator|real] [--seed N]

Producers and consumers of all kinds at work for ten minutes, while brokers are restarted, members come and go, and
listeners are slow. The exit code is 1 where a message was lost, an order broken, memory grew, or something was left open.
  --minutes N   default 10
  --target T    emulator (default; in a process of its own) or real: two brokers of RocketMQ 5.5.0
  --seed N      of the schedule of faults; default: another one each time, which is printed`

/** Reads the command line; throws an error that says what is wrong with it. */
export function readSoakOptions(args: readonly string[], anySeed: number): SoakOptions {
  const text = { type: 'string' } as const
  const { values } = parseArgs({ args: [...args], options: { minutes: text, target: text, seed: text } })
  const { minutes = '10', target = 'emulator', seed = String(anySeed) } = values
  if (target !== 'emulator' && target !== 'real') throw new Error(`--target must be emulator or real, not ${target}`)
  if (!(Number(minutes) > 0)) throw new Error(`--minutes must be a number above 0, not ${minutes}`)
  if (!Number.isSafeInteger(Number(seed))) throw new Error(`--seed must be a whole number, not ${seed}`)
  return { minutes: Number(minutes), target, seed: Number(seed) }
}
