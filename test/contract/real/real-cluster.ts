import { writeFile } from 'node:fs/promises'
import type { ConnectionOptions } from 'node:tls'
import { join } from 'node:path'
import { ensureArtifacts, type RocketMQVersion } from './artifacts'
import { waitUntilListed } from './cluster-info'
import { freePort } from './free-ports'
import { SHORT_LIVED, type JavaCommand } from './java-command'
import { runAdmin } from './mqadmin'
import { RealServer, type ServerPlan } from './real-server'
import { makeRunFolder, removeRunFolder } from './run-folder'
import { BROKER_CONF, makeServerFolder, storeConf, writeConf, type ServerConf } from './server-files'

/** One broker of a cluster: masters have id 0, slaves a higher one and their master's name. */
export interface BrokerSpec {
  readonly name: string
  readonly id?: number
  /** Over the cluster's `brokerConf`. */
  readonly conf?: ServerConf
}

export interface RealClusterOptions {
  readonly version: RocketMQVersion
  /** Default: one master, `broker-a`. */
  readonly brokers?: readonly BrokerSpec[]
  /** How many name servers. Default 1. */
  readonly nameServers?: number
  /** For all brokers; a `brokerRole` in it, which is ASYNC_MASTER by default, is that of the masters. */
  readonly brokerConf?: ServerConf
  readonly namesrvConf?: ServerConf
  /**
   * The first name server holds a controller, which makes one of the brokers of a name their master, and another one when
   * that is gone; RocketMQ 5. The ids of the brokers only tell them apart then.
   */
  readonly controller?: boolean
  /** Files of the home folder of every server, by path. */
  readonly homeFiles?: Readonly<Record<string, string>>
  /** Further options of every server's JVM, with the path of its home folder at hand. */
  readonly jvm?: (home: string) => readonly string[]
  /** Heap, collector and compiler of the brokers' JVMs; default: small and quick to start, for brokers that live for minutes. */
  readonly brokerMemory?: readonly string[]
  /** How name servers are asked whether they list the brokers, where they want TLS. */
  readonly tls?: ConnectionOptions
}

export interface RealBroker extends Pick<RealServer, 'address' | 'pid' | 'stop' | 'kill' | 'restart'> {
  readonly name: string
  readonly id: number
}

export interface RealCluster {
  readonly version: RocketMQVersion
  /** All name servers, `;` between them. */
  readonly namesrvAddr: string
  /** One that was restarted learns of the brokers when they register next, within 30 s. */
  readonly nameServers: readonly RealServer[]
  readonly brokers: readonly RealBroker[]
  /** Stores, configurations and logs. */
  readonly folder: string
  /** Says of each server that ended by itself how it did. */
  crashes(): string[]
  /** Runs the real admin tool; see `runAdmin`. */
  admin(args: readonly string[]): Promise<string>
  /** Ends all servers at once and removes their files, unless they are to be kept. */
  stop(options?: { keepFiles?: boolean }): Promise<void>
}

/** What the servers of one cluster share while it is started. */
interface Site extends RealClusterOptions {
  readonly jars: string
  readonly folder: string
  readonly running: RealServer[]
  /** Its port; undefined where there is none. */
  readonly controllerPort: number | undefined
}

/** Each takes the admin tool a second and more. */
const IN_SYNC_TRIES = 30
/** Brokers of tests live for minutes: what a better compiler and more threads for garbage cost never comes back. */
const BROKER_MEMORY = [...SHORT_LIVED, '-Xms128m', '-Xmx512m', '-XX:MaxDirectMemorySize=512m']

/**
 * Starts name servers, masters and slaves of a RocketMQ version on free ports and in a fresh folder, and resolves when
 * every name server lists every broker (a slave may still be behind its master, unless a controller
 * says that they are in sync). When one fails, all are ended, and the error names the folder, which is kept.
 */
export async function startRealCluster(options: RealClusterOptions): Promise<RealCluster> {
  const jars = await ensureArtifacts(options.version)
  const folder = await makeRunFolder(`rocketmq-${options.version}`)
  const controllerPort = options.controller === true ? await freePort() : undefined
  const site: Site = { ...options, jars, folder, running: [], controllerPort }
  try {
    return await startServers(site)
  } catch (error) {
    await Promise.all(site.running.map(server => server.kill()))
    throw new Error(`no RocketMQ ${options.version} cluster; files are kept in ${folder}: ${messageOf(error)}`, {
      cause: error,
    })
  }
}

async function startServers(site: Site): Promise<RealCluster> {
  const { version, folder, running, brokers: specs = [{ name: 'broker-a' }] } = site
  const nameServers = await all(
    Array.from({ length: site.nameServers ?? 1 }, (_, index) => startNameServer(site, index)),
  )
  const addresses = nameServers.map(server => server.address)
  const start = (spec: BrokerSpec): Promise<RealBroker> => startBroker(site, spec, addresses)
  const masters = await all(specs.filter(spec => idOf(spec) === 0).map(start))
  const slaves = await all(specs.filter(spec => idOf(spec) > 0).map(start))
  if (site.controllerPort !== undefined) await waitUntilInSync(site, specs)
  return {
    version,
    namesrvAddr: addresses.join(';'),
    nameServers,
    brokers: [...masters, ...slaves],
    folder,
    crashes: () => running.flatMap(({ crash = [] }) => crash),
    admin: args => runAdmin(version, args),
    stop: async ({ keepFiles = false } = {}) => {
      await Promise.all(running.map(server => server.kill()))
      if (!keepFiles) await removeRunFolder(folder)
    },
  }
}

async function startNameServer(site: Site, index: number): Promise<RealServer> {
  const title = `name server ${index} of RocketMQ ${site.version}`
  const folder = await makeFolder(site, `namesrv-${index}`)
  const prepare = async (port: number): Promise<JavaCommand> => {
    const settings = { ...site.namesrvConf, ...controllerConf(site, index, folder), listenPort: String(port) }
    const conf = await writeConf(join(folder, 'namesrv.conf'), settings)
    return javaCommand(site, folder, { mainClass: 'org.apache.rocketmq.namesrv.NamesrvStartup', conf })
  }
  return run(site, { title, portOffsets: [], prepare, usable: async () => undefined })
}

async function startBroker(site: Site, spec: BrokerSpec, nameServers: readonly string[]): Promise<RealBroker> {
  const { name } = spec
  const id = idOf(spec)
  const folder = await makeFolder(site, `${name}-${id}`)
  const prepare = async (port: number): Promise<JavaCommand> => {
    const place = { listenPort: String(port), haListenPort: String(port + 1), namesrvAddr: nameServers.join(';') }
    const own = { brokerName: name, brokerId: String(id), ...(id > 0 && { brokerRole: 'SLAVE' }), ...spec.conf }
    const controlled = controlledConf(site, folder)
    const settings = { ...BROKER_CONF, ...storeConf(folder), ...site.brokerConf, ...own, ...controlled, ...place }
    const conf = await writeConf(join(folder, 'broker.conf'), settings)
    return javaCommand(site, folder, { mainClass: 'org.apache.rocketmq.broker.BrokerStartup', conf })
  }
  const usable = async (address: string, signal: AbortSignal): Promise<void> => {
    const listed = { name, id: site.controllerPort === undefined ? id : undefined, address, tls: site.tls }
    await Promise.all(nameServers.map(nameServer => waitUntilListed(nameServer, listed, signal)))
  }
  const title = `broker ${name}:${id} of RocketMQ ${site.version}`
  const server = await run(site, { title, portOffsets: [-2, 1], prepare, usable })
  return Object.assign(server, { name, id })
}

/** A replica that is not among those in sync may not become the master. */
async function waitUntilInSync({ version, controllerPort }: Site, specs: readonly BrokerSpec[]): Promise<void> {
  for (const brokerName of new Set(specs.map(({ name }) => name))) {
    const wanted = specs.filter(({ name }) => name === brokerName).length
    const args = ['getSyncStateSet', '-a', `127.0.0.1:${controllerPort}`, '-b', brokerName]
    let printed = ''
    for (let tries = 0; !new RegExp(`SyncStateSetNums\\s+${wanted}\\s`).test(printed); tries++) {
      if (tries === IN_SYNC_TRIES) throw new Error(`the replicas of ${brokerName} did not come in sync:\n${printed}`)
      printed = await runAdmin(version, args)
    }
  }
}

function controllerConf({ controllerPort }: Site, index: number, folder: string): ServerConf {
  if (controllerPort === undefined || index > 0) return {}
  return {
    enableControllerInNamesrv: 'true',
    controllerDLegerGroup: 'controllers',
    controllerDLegerPeers: `n0-127.0.0.1:${controllerPort}`,
    controllerDLegerSelfId: 'n0',
    controllerStorePath: join(folder, 'controller'),
    configStorePath: join(folder, 'namesrv.properties'),
  }
}

/** Whatever is acknowledged is with all replicas that are up, so that none of them loses it as a master. */
function controlledConf({ controllerPort }: Site, folder: string): ServerConf {
  if (controllerPort === undefined) return {}
  return {
    enableControllerMode: 'true',
    controllerAddr: `127.0.0.1:${controllerPort}`,
    brokerId: '-1',
    brokerRole: 'SLAVE',
    allAckInSyncStateSet: 'true',
    storePathEpochFile: join(folder, 'store', 'epochFileCheckpoint'),
    storePathBrokerIdentity: join(folder, 'store', 'brokerIdentity'),
  }
}

/** Starts a server and notes it at once, so that it is ended when another one of the cluster fails. */
async function run(site: Site, plan: ServerPlan): Promise<RealServer> {
  const server = await RealServer.start(plan)
  site.running.push(server)
  return server
}

async function makeFolder(site: Site, name: string): Promise<string> {
  const folder = await makeServerFolder(join(site.folder, name))
  const files = Object.entries(site.homeFiles ?? {})
  await Promise.all(files.map(([path, text]) => writeFile(join(folder, 'home', path), text)))
  return folder
}

function javaCommand(site: Site, folder: string, server: { mainClass: string; conf: string }): JavaCommand {
  const isBroker = server.mainClass.endsWith('BrokerStartup')
  const memory = isBroker ? (site.brokerMemory ?? BROKER_MEMORY) : SHORT_LIVED
  const jvm = site.jvm?.(join(folder, 'home')) ?? []
  return { classPath: [`${site.jars}/*`], mainClass: server.mainClass, args: ['-c', server.conf], memory, folder, jvm }
}

/** Waits for all, also when one fails, so that a failure is met with no start still under way. */
async function all<T>(starts: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(starts)
  return results.map(result => {
    if (result.status === 'rejected') throw result.reason
    return result.value
  })
}

function idOf(spec: BrokerSpec): number {
  return spec.id ?? 0
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
