import { join, resolve } from 'node:path'
import { packageRoot } from '../test/support/package-root'
import { systemClock } from '../lib/runtime/clock'
import { ChildProgram, nodeProgram, profileOptions } from './child-program'
import type { DriverSetup, Measured } from './drivers/rounds'
import { QUIET_CORES, cpuSecondsOf, machineCpuSeconds, memoryOf, untilQuiet } from './machine'
import type { BenchOptions } from './options'
import { driverProgram } from './peers/driver-program'
import type { BenchResult, RoundFigures } from './results'
import { BODY_BYTES, type DriverName, PULL_BATCH, QUEUES, SCENARIOS, type Scenario } from './scenarios'
import { type BenchTarget, openTarget } from './targets'
import { BenchTopic } from './topic'

/** A broker that has just been started refuses some messages; the readers need no more than they ask for. */
const FILL_FACTOR = 1.05
const FILL_IN_FLIGHT = 256
/** Of what is stored to be read in order of the key. */
const SHARDING_KEYS = 50

interface Surroundings {
  readonly say: (line: string) => void
  /** Ends the measurement with an error. */
  readonly signal: AbortSignal
}

/** Measures a scenario: starts the servers and the drivers, and ends them in any case. */
export async function measure(options: BenchOptions, { say, signal }: Surroundings): Promise<BenchResult> {
  const scenario: Scenario = SCENARIOS[options.scenario]
  const { brokerConf } = scenario
  const target = await openTarget({ target: options.target, library: packageRoot(), brokerConf, signal })
  try {
    const topic = await BenchTopic.create(target.namesrvAddr)
    try {
      return await new Run({ ...options, scenario, target, topic, say, signal }).measure()
    } finally {
      await topic.close({ remove: target.isForeign })
    }
  } finally {
    await target.stop()
  }
}

interface RunOptions extends Omit<BenchOptions, 'target' | 'scenario'>, Surroundings {
  readonly scenario: Scenario
  readonly target: BenchTarget
  readonly topic: BenchTopic
}

class Run {
  readonly #options: RunOptions
  readonly #drivers = new Map<string, ChildProgram>()
  readonly #rounds: Record<string, RoundFigures[]> = {}
  /** What went wrong with other clients. */
  readonly #notes: string[] = []
  /** Messages that the topic holds by now. */
  #stored = 0

  constructor(options: RunOptions) {
    this.#options = options
  }

  async measure(): Promise<BenchResult> {
    const { scenario, target, messages, rounds: count, patience, say } = this.#options
    if (scenario.reads === true) await this.#fill()
    try {
      await this.#startDrivers()
      for (const name of this.#drivers.keys()) await this.#round(name)
      for (const name of this.#drivers.keys()) this.#rounds[name] = []
      const patientUntil = systemClock.monotonic() + 1000 * patience
      for (let i = 0; i < count; i++) {
        say(`round ${i + 1} of ${count}`)
        const figures = await this.#quietRound(i % 2 === 1, patientUntil)
        for (const [name, each] of figures) this.#rounds[name]?.push(each)
      }
      const title = `${scenario.title}, ${BODY_BYTES} bytes, ${QUEUES} queues`
      return { kind: 'scenario', title, target: target.title, messages, rounds: this.#rounds, notes: this.#notes }
    } finally {
      await Promise.all([...this.#drivers.values()].map(driver => driver.stop()))
    }
  }

  async #startDrivers(): Promise<void> {
    const { scenario, drivers, against } = this.#options
    for (const name of drivers) {
      if (scenario.drivers.includes(name)) await this.#start(name, name, packageRoot())
      else this.#note(`${name} cannot do this`)
    }
    if (against !== undefined) await this.#start('other build', 'ours', resolve(against))
  }

  async #start(name: string, driver: DriverName, library: string): Promise<void> {
    const { cpuProf, signal, say } = this.#options
    const nodeOptions = profileOptions(cpuProf && join(cpuProf, name))
    await this.#unlessPeer(name, async () => {
      const command = await driverProgram(driver, { nodeOptions, say })
      const { program } = await ChildProgram.start(command, this.#setup(library), signal)
      this.#drivers.set(name, program)
    })
  }

  #setup(library: string): DriverSetup {
    const { target, topic, scenario } = this.#options
    return {
      workload: scenario.workload,
      namesrvAddr: target.namesrvAddr,
      broker: topic.broker,
      topic: topic.name,
      queues: QUEUES,
      bodyBytes: BODY_BYTES,
      inFlight: scenario.inFlight ?? 1,
      batch: scenario.batch ?? 1,
      pullBatch: scenario.pullBatch ?? PULL_BATCH,
      listenerBatch: scenario.listenerBatch ?? 1,
      pace: scenario.pace ?? 0,
      shardingKeys: 0,
      library,
    }
  }

  /** Stores what the drivers are to read. */
  async #fill(): Promise<void> {
    const { messages, topic, signal, scenario } = this.#options
    const shardingKeys = scenario.workload === 'key-ordered' ? SHARDING_KEYS : 0
    const setup = { ...this.#setup(packageRoot()), workload: 'send', inFlight: FILL_IN_FLIGHT, shardingKeys }
    const { program } = await ChildProgram.start(nodeProgram('ceiling'), setup, signal)
    const filled = Math.ceil(messages * FILL_FACTOR)
    await program.ask({ messages: filled })
    await program.stop()
    const stored = await topic.stored(filled)
    if (stored < messages) throw new Error(`only ${stored} of ${filled} messages were stored`)
  }

  /** One round of one driver; undefined where it failed, and is another client, which is left out from then on. */
  async #round(name: string): Promise<RoundFigures | undefined> {
    const { scenario, messages, target } = this.#options
    const driver = this.#drivers.get(name) as ChildProgram
    const before = { ms: systemClock.monotonic(), ...this.#cpu(driver) }
    const measured = await this.#unlessPeer(name, () => driver.ask<Measured>({ messages }))
    if (measured === undefined) return undefined
    const { seconds, cpuMicros, latency = null, errors = 0 } = measured
    const after = { ms: systemClock.monotonic(), ...this.#cpu(driver) }
    const others = after.machine - before.machine - (after.servers - before.servers) - (after.driver - before.driver)
    const missing = scenario.isCounted === true ? await this.#missing(messages) : 0
    const isKnown = target.pids.length > 0 && !Number.isNaN(others)
    return {
      // A oneway send that did not arrive is none.
      perSecond: (scenario.workload === 'oneway' ? messages - missing : messages) / seconds,
      cpuPerMessage: cpuMicros / messages,
      serverCpuPerMessage: isKnown ? ((after.servers - before.servers) * 1e6) / messages : null,
      otherCores: isKnown ? Math.max(0, others) / ((after.ms - before.ms) / 1000) : null,
      peakMemory: memoryOf(driver.pid, 'peak'),
      missing,
      errors,
      latency,
    }
  }

  /** A round of every driver; again while others disturbed it and there is time. */
  async #quietRound(reverse: boolean, patientUntil: number): Promise<Map<string, RoundFigures>> {
    for (;;) {
      await untilQuiet(patientUntil, this.#options.signal)
      const figures = new Map<string, RoundFigures>()
      // Each driver is the first one in turn, so that none always follows the same other.
      const names = [...this.#drivers.keys()]
      for (const name of reverse ? names.reverse() : names) {
        const round = await this.#round(name)
        if (round !== undefined) figures.set(name, round)
      }
      const isQuiet = [...figures.values()].every(({ otherCores }) => (otherCores ?? 0) <= QUIET_CORES)
      if (isQuiet || systemClock.monotonic() >= patientUntil) return figures
    }
  }

  /** Another client that fails is told of and left out; where ours or the ceiling fails, the run does. */
  async #unlessPeer<T>(name: string, run: () => Promise<T>): Promise<T | undefined> {
    try {
      return await run()
    } catch (error) {
      const { drivers, signal } = this.#options
      const isPeer = drivers.some(each => each === name) && name !== 'ours' && name !== 'ceiling'
      if (!isPeer || signal.aborted) throw error
      this.#note(`${name} is left out: ${error instanceof Error ? error.message : String(error)}`)
      const program = this.#drivers.get(name)
      this.#drivers.delete(name)
      await program?.stop()
      return undefined
    }
  }

  #note(text: string): void {
    this.#notes.push(text)
    this.#options.say(text)
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
