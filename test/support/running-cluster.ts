import { type EmulatedAccount, Emulator, type EmulatorOptions, type EmulatedVersion } from '../../lib/emulator/index'
import { type RealClusterOptions, startRealCluster } from '../contract/real/real-cluster'
import { accessConf, createAccounts, tlsServers } from '../contract/real/security'
import type { ServerConf } from '../contract/real/server-files'
import type { ContractTarget } from '../contract/real/target'

/** A server that a scenario may stop. It keeps its address. */
export interface StoppableServer {
  readonly address: string
  /** Ends it in order. */
  stop(): Promise<void>
  /** Ends it like a crash, where the cluster is real. */
  kill(): Promise<void>
  /** Starts it again, after a stop where it still runs. */
  restart(): Promise<void>
}

/** The servers that a scenario runs on. */
export interface RunningCluster {
  readonly kind: 'emulator' | 'real'
  readonly version: EmulatedVersion
  readonly namesrvAddr: string
  /** Undefined on real servers. */
  readonly emulator: Emulator | undefined
  /** Empty where they are not the scenario's own to stop. */
  readonly brokers: readonly (StoppableServer & { readonly name: string; readonly id: number })[]
  readonly nameServers: readonly StoppableServer[]
  close(): Promise<void>
}

/** How many masters and name servers a cluster of a scenario's own has, and how they are set. */
export interface ClusterSize {
  readonly brokers?: number
  readonly nameServers?: number
  /** Brokers filter by conditions over properties; default true. */
  readonly enablePropertyFilter?: boolean
  /** How soon, how often and how many times brokers ask about transactions; default as they are set. */
  readonly transactionTimeOutMs?: number
  readonly transactionCheckIntervalMs?: number
  readonly transactionCheckMax?: number
  /** Only these are served; one is the administrator. */
  readonly accounts?: readonly EmulatedAccount[]
  /** All servers speak nothing but TLS with this certificate; with `ca` clients must have one that it has signed. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly ca?: string }
}

/** The generation of a version that tests run on. */
export function generationOf(version: ContractTarget['version']): EmulatedVersion {
  return version === '5.5.0' ? '5' : '4.9'
}

export async function startEmulator(version: EmulatedVersion, options: EmulatorOptions = {}): Promise<RunningCluster> {
  const emulator = await Emulator.start({ recallMessageEnable: true, ...options, version })
  return {
    kind: 'emulator',
    version,
    namesrvAddr: emulator.namesrvAddr,
    emulator,
    brokers: emulator.brokers.map(broker => ({ ...stoppable(broker), name: broker.name, id: broker.id })),
    nameServers: emulator.nameServers.map(stoppable),
    close: () => emulator.shutdown(),
  }
}

/** The cluster that the run of the contract tests has started or was given; it is not ours to stop. */
export function sharedRealCluster({ version, namesrvAddr }: ContractTarget): RunningCluster {
  return {
    kind: 'real',
    version: generationOf(version),
    namesrvAddr,
    emulator: undefined,
    brokers: [],
    nameServers: [],
    close: async () => undefined,
  }
}

export async function startOwnRealCluster({ version }: ContractTarget, size: ClusterSize): Promise<RunningCluster> {
  const { brokers = 1, nameServers = 1, enablePropertyFilter = true, accounts, tls } = size
  const names = Array.from({ length: brokers }, (_, index) => ({ name: `broker-${String.fromCharCode(97 + index)}` }))
  const access = accounts && accessConf(version, accounts)
  const brokerConf = { enablePropertyFilter: String(enablePropertyFilter), ...transactionConf(size), ...access?.conf }
  const secured = tls && tlsServers(tls)
  const homeFiles = { ...access?.files, ...secured?.files }
  const servers = { version, nameServers, brokers: names, brokerConf, homeFiles, ...secured?.how }
  const running = await startOwnServers(servers)
  if (accounts !== undefined && version !== '4.9.4')
    await Promise.all(running.brokers.map(({ address }) => createAccounts(address, accounts)))
  return running
}

/** Real servers of a scenario's own, of any make. */
export async function startOwnServers(options: RealClusterOptions): Promise<RunningCluster> {
  const { version } = options
  const cluster = await startRealCluster(options)
  return {
    kind: 'real',
    version: generationOf(version),
    namesrvAddr: cluster.namesrvAddr,
    emulator: undefined,
    brokers: cluster.brokers,
    nameServers: cluster.nameServers,
    close: () => cluster.stop(),
  }
}

function transactionConf(size: ClusterSize): ServerConf {
  const { transactionTimeOutMs, transactionCheckIntervalMs, transactionCheckMax } = size
  if (transactionTimeOutMs === undefined) return {}
  return {
    transactionTimeOut: String(transactionTimeOutMs),
    transactionCheckInterval: String(transactionCheckIntervalMs),
    transactionCheckMax: String(transactionCheckMax),
  }
}

function stoppable(node: { address: string; stop(): Promise<void>; start(): Promise<void> }): StoppableServer {
  return {
    address: node.address,
    stop: () => node.stop(),
    kill: () => node.stop(),
    restart: async () => {
      await node.stop()
      await node.start()
    },
  }
}
