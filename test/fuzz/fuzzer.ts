import { closeSync, openSync } from 'node:fs'
import { systemClock } from '../../lib/runtime/clock'
import fc from '../support/property'
import { type FuzzTarget, propertyOf } from './fuzz-target'
import { FUZZ_TARGETS } from './targets'
import { watched } from './watched'

/** What the process that reads tells the one that watches it. */
export type FuzzMessage =
  | { readonly kind: 'begins'; readonly target: string; readonly seed: number }
  | { readonly kind: 'ends'; readonly target: string; readonly runs: number }
  | { readonly kind: 'fails'; readonly target: string; readonly seed: number; readonly says: string }

/** Inputs of one seed. */
const RUNS = 500

/** Reads inputs until the time is up, or one fails: `MINUTES SEED FILE TARGET...`. */
async function main([minutes, firstSeed, path, ...names]: readonly string[]): Promise<void> {
  const file = openSync(path as string, 'w')
  process.once('disconnect', () => process.exit())
  const targets = FUZZ_TARGETS.filter(({ name }) => names.includes(name)).map(target => watched(target, file))
  const endsAt = systemClock.monotonic() + Number(minutes) * 60_000
  for (let seed = Number(firstSeed) | 0; systemClock.monotonic() < endsAt; seed = (seed + 1) | 0) {
    for (const target of targets) if (!(await holds(target, seed))) return process.disconnect()
  }
  closeSync(file)
  process.disconnect()
}

async function holds(target: FuzzTarget, seed: number): Promise<boolean> {
  const { name } = target
  say({ kind: 'begins', target: name, seed })
  const details = await fc.check(propertyOf(target), { seed, numRuns: RUNS })
  if (!details.failed) {
    say({ kind: 'ends', target: name, runs: details.numRuns })
    return true
  }
  const [bytes] = details.counterexample ?? []
  const report = (await fc.asyncDefaultReportMessage(details)) ?? ''
  say({ kind: 'fails', target: name, seed, says: `${report}\n\nThe bytes: ${bytes?.toString('hex')}` })
  return false
}

function say(message: FuzzMessage): void {
  process.send?.(message)
}

void main(process.argv.slice(2))
