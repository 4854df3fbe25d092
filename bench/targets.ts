import { startRealCluster } from '../test/contract/real/real-cluster'
import type { ServerConf } from '../test/contract/real/server-files'
import { ChildProgram, nodeProgram } from './child-program'

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

export interface TargetOptions {
  /** `emulator`, `real`, or the address of a name server. */
  readonly target: string
  /** Folder of the build whose emulator is started. */
  readonly library: string
  /** Settings of the real broker. */
  readonly brokerConf: ServerConf | undefined
  readonly signal: AbortSignal
}

/** With the collector and the compilers that servers have, and files as large as theirs. */
const SERVER_MEMORY = ['-Xms512m', '-Xmx512m', '-XX:MaxDirectMemorySize=512m']
const SERVER_CONF: ServerConf = { mappedFileSizeCommitLog: '1073741824' }

/** Starts an emulator or a real broker, or takes the address as it is. */
export async function openTarget(options: TargetOptions): Promise<BenchTarget> {
  const { target } = options
  if (target === 'real') return openReal(options)
  if (target === 'emulator') return openEmulator(options)
  return { title: target, namesrvAddr: target, pids: [], isForeign: true, stop: async () => undefined }
}

async function openReal({ brokerConf }: TargetOptions): Promise<BenchTarget> {
  const conf = { ...SERVER_CONF, ...brokerConf }
  const cluster = await startRealCluster({ version: '5.5.0', brokerMemory: SERVER_MEMORY, brokerConf: conf })
  const pids = [...cluster.brokers, ...cluster.nameServers].flatMap(({ pid }) => (pid === undefined ? [] : [pid]))
  const { namesrvAddr } = cluster
  return { title: 'RocketMQ 5.5.0', namesrvAddr, pids, isForeign: false, stop: () => cluster.stop() }
}

async function openEmulator({ library, signal }: TargetOptions): Promise<BenchTarget> {
  const { program, told } = await ChildProgram.start<string>(nodeProgram('emulator-server'), { library }, signal)
  const pids = [program.pid]
  return { title: 'the emulator', namesrvAddr: told, pids, isForeign: false, stop: () => program.stop() }
}
