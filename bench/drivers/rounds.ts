import { runProgram } from './program'

/** What a driver is told when it is started. */
export interface DriverSetup {
  readonly namesrvAddr: string
  /** Address of the one broker that the topic is on. */
  readonly broker: string
  readonly topic: string
  /** Requests under way at a time. */
  readonly inFlight: number
  /** Folder of the build of the package to measure. */
  readonly library: string
}

/** What a driver measures in a round. */
export interface Measured {
  readonly seconds: number
  /** User and system time of the driver's process, µs. */
  readonly cpuMicros: number
}

/** Handles that many messages and tells what that took. */
export type Round = (messages: number) => Promise<Measured>

/** Begins to measure; the returned function ends that. */
export function startStopwatch(): () => Measured {
  const cpu = process.cpuUsage()
  const startedAt = process.hrtime.bigint()
  return () => {
    const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9
    const { user, system } = process.cpuUsage(cpu)
    return { seconds, cpuMicros: user + system }
  }
}

/** Runs a driver: `open` connects and returns the round, which is run each time the parent asks for it. */
export function serveRounds(open: (setup: DriverSetup) => Promise<Round>): void {
  runProgram(async (setup: DriverSetup) => ({ told: 'connected', answer: await open(setup) }))
}
