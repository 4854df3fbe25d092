import type { Workload } from '../scenarios'
import { runProgram } from './program'

/** What a driver is told when it is started; peers in other languages read the same names. */
export interface DriverSetup {
  readonly workload: Workload
  readonly namesrvAddr: string
  /** Address of the one broker that the topic is on. */
  readonly broker: string
  readonly topic: string
  readonly queues: number
  readonly bodyBytes: number
  /** Requests under way at a time. */
  readonly inFlight: number
  /** Messages of a batch that is sent. */
  readonly batch: number
  readonly pullBatch: number
  readonly listenerBatch: number
  /** Messages per second; 0 is as fast as it goes. */
  readonly pace: number
  /** Different sharding keys of what is sent; 0 is none. */
  readonly shardingKeys: number
  /** Folder of the build of the package to measure. */
  readonly library: string
}

/** What a driver is asked. */
export interface RoundPlan {
  readonly messages: number
}

/** What a driver measures in a round. */
export interface Measured {
  readonly seconds: number
  /** User and system time of the driver's process, µs. */
  readonly cpuMicros: number
  /** Sends that failed and were made again, or messages that came twice. */
  readonly errors?: number
  /** From send to listener, or from request to reply, ms. */
  readonly latency?: { readonly p50: number; readonly p99: number }
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

/** Runs a driver: what `workloads` has for the workload connects and returns the round, which is run each time the parent asks. */
export function serveRounds(workloads: Partial<Record<Workload, (setup: DriverSetup) => Promise<Round>>>): void {
  runProgram(async (setup: DriverSetup) => {
    const open = workloads[setup.workload]
    if (open === undefined) throw new Error(`this driver has no workload ${setup.workload}`)
    const round = await open(setup)
    return { told: 'connected', answer: ({ messages }: RoundPlan) => round(messages) }
  })
}
