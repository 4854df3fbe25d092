import { systemClock } from '../../lib/runtime/clock'
import { packageRoot } from '../../test/support/package-root'
import { untilQuiet } from '../machine'
import type { MicroSetup } from '../micro/program'
import { MicroProgram } from '../micro/micro-program'
import type { SubjectName } from '../micro/subjects'
import type { GateRow, NotCompared } from './verdict'

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
  const found = new Map<string, number[] | Unmeasured>(names.map(name => [name, []]))
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
        if (typeof ratio === 'number') ratios.push(ratio)
        else found.set(name, ratio)
      }
    } finally {
      await pair.stop()
    }
  }
  return Array.from(found, ([name, ratios]) => {
    const item = { subject, name }
    return Array.isArray(ratios) ? { item, ratios } : { item, ...ratios }
  })
}

/** What a row says where there is no ratio. */
type Unmeasured = Pick<NotCompared, 'reason' | 'isLost'>

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

  /** How much quicker ours is by the best of two looks at each; why not, where one of them cannot do it. */
  async ratio(name: string, otherFirst: boolean): Promise<number | Unmeasured> {
    const order = otherFirst ? [this.#other, this.#ours] : [this.#ours, this.#other]
    const least = new Map<MicroProgram, number>()
    // There and back, so that a machine that gets slower or quicker meanwhile does so for both.
    for (const program of [...order, ...order.toReversed()]) {
      const answer = await program.measure(name)
      if ('notMeasured' in answer) return this.#unmeasured(name)
      least.set(program, Math.min(answer.leastNsPerOp, least.get(program) ?? Infinity))
    }
    return (least.get(this.#other) as number) / (least.get(this.#ours) as number)
  }

  async #unmeasured(name: string): Promise<Unmeasured> {
    const [ours, other] = [await this.#ours.measure(name), await this.#other.measure(name)]
    if ('notMeasured' in other) return { reason: `the other build: ${other.notMeasured}` }
    const reason = 'notMeasured' in ours ? ours.notMeasured : 'it did not do it each time'
    return { reason: `this build: ${reason}`, isLost: true }
  }

  async stop(): Promise<void> {
    await Promise.all([this.#ours.stop(), this.#other.stop()])
  }
}
