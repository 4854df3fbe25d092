import { parseArgs } from 'node:util'
import { FUZZ_TARGETS } from './targets'

export interface FuzzOptions {
  readonly minutes: number
  /** Of the first inputs; those after them have the next numbers. */
  readonly seed: number
  readonly targets: readonly string[]
}

const NAMES = FUZZ_TARGETS.map(({ name }) => name)

export const USAGE = `usage: npm run fuzz [-- --minutes N] [--seed N] [--target NAME]

Gives the readers of what comes over the wire damaged bytes: each must read them or refuse them by a typed error, soon and
in little memory. The exit code is 1 where one does not; the smallest input that shows it is printed with its seed.
  --minutes N    default 1
  --seed N       default: another one each time, which is printed
  --target NAME  only this reader: ${NAMES.join(', ')}`

/** Reads the command line; throws an error that says what is wrong with it. */
export function readFuzzOptions(args: readonly string[], anySeed: number): FuzzOptions {
  const text = { type: 'string' } as const
  const { values } = parseArgs({ args: [...args], options: { minutes: text, seed: text, target: text } })
  const { minutes = '1', seed = String(anySeed), target } = values
  if (!(Number(minutes) > 0)) throw new Error(`--minutes must be a number above 0, not ${minutes}`)
  if (!Number.isSafeInteger(Number(seed))) throw new Error(`--seed must be a whole number, not ${seed}`)
  if (target !== undefined && !NAMES.includes(target))
    throw new Error(`--target must be one of ${NAMES.join(', ')}, not ${target}`)
  return { minutes: Number(minutes), seed: Number(seed), targets: target === undefined ? NAMES : [target] }
}
