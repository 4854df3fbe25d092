import { startRealCluster } from '../test/contract/real/real-cluster'
import { ChildProgram } from './child-program'

/** The servers that are measured against. */
export interface BenchTarget {
  readonly title: string
  readonly namesrvAddr: string
  /** Processes of servers that were started for the run. */
  readonly pids: readonly number[]
  /** Whether what is created there has to be removed afterwards. */
  readonly isForeign: boolean
  stop(): Promise<void>
}

/** Starts an emulator or a real broker, or takes the address as it is. */
export async function openTarget(target: string, library: string, signal: AbortSignal): Promise<BenchTarget> {
  if (target === 'real') return openReal()
  if (target === 'emulator') return openEmulator(library, signal)
  return { title: target, namesrvAddr: target, pids: [], isForeign: true, stop: async () => undefined }
}

async function openReal(): Promise<BenchTarget> {
  const cluster = await startRealCluster({ version: '5.5.0' })
  const pids = [...cluster.brokers, ...cluster.nameServers].flatMap(({ pid }) => (pid === undefined ? [] : [pid]))
  const { namesrvAddr } = cluster
  return { title: 'RocketMQ 5.5.0', namesrvAddr, pids, isForeign: false, stop: () => cluster.stop() }
}

async function openEmulator(library: string, signal: AbortSignal): Promise<BenchTarget> {
  const { program, told } = await ChildProgram.start<string>('emulator-server', { library }, { signal })
  const pids = [program.pid]
  return { title: 'the emulator', namesrvAddr: told, pids, isForeign: false, stop: () => program.stop() }
}
