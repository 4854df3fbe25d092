import { systemClock } from '../../lib/runtime/clock'
import { packageRoot } from '../../test/support/package-root'
import { untilQuiet } from '../machine'
import type { MicroSetup } from '../micro/program'
import { MicroProgram } from '../micro/micro-program'
import type { SubjectName } from '../micro/subjects'
import type { GateRow } from './verdict'

const TIMES = { timeMs: 80, warmupMs: 40 }

export interface CompareOptions {
  /** Folder of the other build. */
  readonly library: string
  readonly rounds: number
  /** How long to wait, in all, for the machine to be quiet, s. */
  readonly patience: number
  readonly say: (line: string) => void
  readonly signal: AbortSignal
}

/** Measures cases of one subject in both builds, by turns; each round in new processes, which are not all alike. */
export async function compareMicro(
  subject: SubjectName,
  names: readonly string[],
  { library, rounds, patience, say, signal }: CompareOptions,
): Promise<GateRow[]> {
  const patientUntil = systemClock.monotonic() + 1000 * patience
  const found = new Map<string, number[] | string>(names.map(name => [name, []]))
  for (let round = 0; round < rounds; round++) {
    say(`${subject}, round ${round + 1} of ${rounds}`)
    const ours = { subject, library: packageRoot(), isForeign: false, ...TIMES }
    const pair = await MeasuredPair.start([ours, { ...ours, library, isForeign: true }], signal)
    try {
      for (const [i, name] of names.entries()) {
        const ratios = found.get(name)
        if (!Array.isArray(ratios)) continue
        await untilQuiet(patientUntil, signal)
        const ratio = await pair.ratio(name, (round + i) % 2 === 1)
        if (typeof ratio === 'string') found.set(name, ratio)
        else ratios.push(ratio)
      }
    } finally {
      await pair.stop()
    }
  }
  return Array.from(found, ([name, ratios]) => {
    const item = { subject, name }
    return typeof ratios === 'string' ? { item, reason: ratios } : { item, ratios }
  })
}

/** Two processes that measure the same of one build each. */
class MeasuredPair {
  readonly #ours: MicroProgram
  readonly #other: MicroProgram

  private constructor(ours: MicroProgram, other: MicroProgram) {
    this.#ours = ours
    this.#other = other
  }

  static async start([ours, other]: readonly [MicroSetup, MicroSetup], signal: AbortSignal): Promise<MeasuredPair> {
    const first = await MicroProgram.start(ours, signal)
    try {
      return new MeasuredPair(first, await MicroProgram.start(other, signal))
    } catch (error) {
      await first.stop()
      throw error
    }
  }

  /** How much quicker ours is by the best of two looks at each; text where one of them cannot do it. */
  async ratio(name: string, otherFirst: boolean): Promise<number | string> {
    const order = otherFirst ? [this.#other, this.#ours] : [this.#ours, this.#other]
    const least = new Map<MicroProgram, number>()
    // There and back, so that a machine that gets slower or quicker meanwhile does so for both.
    for (const program of [...order, ...order.toReversed()]) {
      const answer = await program.measure(name)
      if ('notMeasured' in answer)
        return `${program === this.#ours ? 'this' : 'the other'} build: ${answer.notMeasured}`
      least.set(program, Math.min(answer.leastNsPerOp, least.get(program) ?? Infinity))
    }
    return (least.get(this.#other) as number) / (least.get(this.#ours) as number)
  }

  async stop(): Promise<void> {
    await Promise.all([this.#ours.stop(), this.#other.stop()])
  }
}
