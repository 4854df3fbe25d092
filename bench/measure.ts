import { join, resolve } from 'node:path'
import { packageRoot } from '../test/support/package-root'
import { systemClock } from '../lib/runtime/clock'
import { ChildProgram } from './child-program'
import type { DriverSetup, Measured } from './drivers/rounds'
import { QUIET_CORES, cpuSecondsOf, machineCpuSeconds, untilQuiet } from './machine'
import type { BenchOptions } from './options'
import type { BenchResult, RoundFigures } from './results'
import { BODY_BYTES, QUEUES, SCENARIOS } from './scenarios'
import { type BenchTarget, openTarget } from './targets'
import { BenchTopic } from './topic'

const FILLER = 'ceiling-send'
/** A broker that has just been started refuses some messages; the readers need no more than they ask for. */
const FILL_FACTOR = 1.05
const FILL_IN_FLIGHT = 256

interface Surroundings {
  readonly say: (line: string) => void
  /** Ends the measurement with an error. */
  readonly signal: AbortSignal
}

/** Measures a scenario: starts the servers and the drivers, and ends them in any case. */
export async function measure(options: BenchOptions, { say, signal }: Surroundings): Promise<BenchResult> {
  const target = await openTarget(options.target, packageRoot(), signal)
  try {
    const topic = await BenchTopic.create(target.namesrvAddr)
    try {
      return await new Run({ ...options, target, topic, say, signal }).measure()
    } finally {
      await topic.close({ remove: target.isForeign })
    }
  } finally {
    await target.stop()
  }
}

interface RunOptions extends Omit<BenchOptions, 'target'>, Surroundings {
  readonly target: BenchTarget
  readonly topic: BenchTopic
}

class Run {
  readonly #options: RunOptions
  readonly #drivers = new Map<string, ChildProgram>()
  /** Messages that the topic holds by now. */
  #stored = 0

  constructor(options: RunOptions) {
    this.#options = options
  }

  async measure(): Promise<BenchResult> {
    const { scenario, target, messages, rounds: count, patience, say } = this.#options
    const { title, reads } = SCENARIOS[scenario]
    if (reads) await this.#fill()
    try {
      await this.#startDrivers()
      const rounds: Record<string, RoundFigures[]> = {}
      for (const name of this.#drivers.keys()) {
        await this.#round(name)
        rounds[name] = []
      }
      const patientUntil = systemClock.monotonic() + 1000 * patience
      for (let i = 0; i < count; i++) {
        say(`round ${i + 1} of ${count}`)
        const figures = await this.#quietRound(i % 2 === 1, patientUntil)
        for (const [name, each] of figures) rounds[name]?.push(each)
      }
      const what = `${title}, ${BODY_BYTES} bytes, ${QUEUES} queues`
      return { title: what, target: target.title, messages, rounds }
    } finally {
      await Promise.all([...this.#drivers.values()].map(driver => driver.stop()))
    }
  }

  async #startDrivers(): Promise<void> {
    const { scenario, against } = this.#options
    const { ceiling, ours } = SCENARIOS[scenario]
    await this.#start('ceiling', ceiling, packageRoot())
    await this.#start('ours', ours, packageRoot())
    if (against !== undefined) await this.#start('other build', ours, resolve(against))
  }

  async #start(name: string, driver: string, library: string): Promise<void> {
    const { cpuProf, scenario, signal } = this.#options
    const nodeOptions = cpuProf === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${join(resolve(cpuProf), name)}`]
    const { program } = await ChildProgram.start(driver, this.#setup(library, SCENARIOS[scenario].inFlight), {
      signal,
      nodeOptions,
    })
    this.#drivers.set(name, program)
  }

  #setup(library: string, inFlight: number): DriverSetup {
    const { target, topic } = this.#options
    return { namesrvAddr: target.namesrvAddr, broker: topic.broker, topic: topic.name, inFlight, library }
  }

  /** Stores what the drivers are to read. */
  async #fill(): Promise<void> {
    const { messages, topic, signal } = this.#options
    const { program } = await ChildProgram.start(FILLER, this.#setup(packageRoot(), FILL_IN_FLIGHT), { signal })
    const filled = Math.ceil(messages * FILL_FACTOR)
    await program.ask(filled)
    await program.stop()
    const stored = await topic.stored(filled)
    if (stored < messages) throw new Error(`only ${stored} of ${filled} messages were stored`)
  }

  async #round(name: string): Promise<RoundFigures> {
    const { scenario, messages, target } = this.#options
    const driver = this.#drivers.get(name) as ChildProgram
    const before = { ms: systemClock.monotonic(), ...this.#cpu(driver) }
    const { seconds, cpuMicros } = await driver.ask<Measured>(messages)
    const after = { ms: systemClock.monotonic(), ...this.#cpu(driver) }
    const others = after.machine - before.machine - (after.servers - before.servers) - (after.driver - before.driver)
    const missing = SCENARIOS[scenario].reads ? 0 : await this.#missing(messages)
    const isKnown = target.pids.length > 0 && !Number.isNaN(others)
    return {
      perSecond: messages / seconds,
      cpuPerMessage: cpuMicros / messages,
      serverCpuPerMessage: isKnown ? ((after.servers - before.servers) * 1e6) / messages : null,
      otherCores: isKnown ? Math.max(0, others) / ((after.ms - before.ms) / 1000) : null,
      missing,
    }
  }

  /** A round of every driver; again while others disturbed it and there is time. */
  async #quietRound(reverse: boolean, patientUntil: number): Promise<Map<string, RoundFigures>> {
    // Each driver is the first one in turn, so that none always follows the same other.
    const names = [...this.#drivers.keys()]
    if (reverse) names.reverse()
    for (;;) {
      await untilQuiet(patientUntil, this.#options.signal)
      const figures = new Map<string, RoundFigures>()
      for (const name of names) figures.set(name, await this.#round(name))
      const isQuiet = [...figures.values()].every(({ otherCores }) => (otherCores ?? 0) <= QUIET_CORES)
      if (isQuiet || systemClock.monotonic() >= patientUntil) return figures
    }
  }

  /** How many of the messages that were just acknowledged, or answered at all, were not stored. */
  async #missing(sent: number): Promise<number> {
    const expected = this.#stored + sent
    this.#stored = await this.#options.topic.stored(expected)
    return Math.max(0, expected - this.#stored)
  }

  #cpu(driver: ChildProgram): { machine: number; servers: number; driver: number } {
    const servers = cpuSecondsOf(this.#options.target.pids)
    return { machine: machineCpuSeconds(), servers, driver: cpuSecondsOf([driver.pid]) }
  }
}
