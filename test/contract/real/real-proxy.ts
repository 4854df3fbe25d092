import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ensureArtifacts, type RocketMQVersion } from './artifacts'
import { waitUntilListed } from './cluster-info'
import { SHORT_LIVED, type JavaCommand } from './java-command'
import { RealServer } from './real-server'
import { makeRunFolder, removeRunFolder } from './run-folder'
import { BROKER_CONF, makeServerFolder, type ServerConf, storeConf, writeConf } from './server-files'

export interface RealProxyOptions {
  readonly version: RocketMQVersion
  /** The cluster in front of whose brokers it stands. */
  readonly namesrvAddr: string
  /** Over those of the tests. */
  readonly settings?: Readonly<Record<string, unknown>>
  /** Holds a broker of these settings in its own process ("local mode"), which it serves alone. */
  readonly broker?: ServerConf
  /** What it shows to clients that speak TLS, which it serves besides others; default: one of its own making. */
  readonly tls?: { readonly cert: string; readonly key: string }
}

export interface RealProxy {
  /** Of its remoting port: what clients take for a name server, and are told as the address of every broker. */
  readonly address: string
  stop(): Promise<void>
}

const GRPC_PORT_OFFSET = 1
/** Of the broker in the same process, which takes the ports two below and one above as well. */
const BROKER_PORT_OFFSET = 5
const LOCAL_BROKER = 'broker-local'
const PORT_OFFSETS = [GRPC_PORT_OFFSET, BROKER_PORT_OFFSET - 2, BROKER_PORT_OFFSET, BROKER_PORT_OFFSET + 1]
/** How long it keeps what it knows of topics, those that do not exist included; 20 s as it comes. */
const REFRESH_SECONDS = 1

/** Starts a proxy of its own process ("cluster mode") and resolves when it is up, which takes some seconds. */
export async function startRealProxy(options: RealProxyOptions): Promise<RealProxy> {
  const { version, settings, broker, tls } = options
  const jars = await ensureArtifacts(version)
  const folder = await makeServerFolder(await makeRunFolder(`proxy-${version}`))
  const prepare = async (port: number): Promise<JavaCommand> => {
    const file = join(folder, 'rmq-proxy.json')
    const own = { ...(await localConf(options, folder, port)), ...(await tlsConf(tls, folder)), ...settings }
    await writeFile(file, JSON.stringify({ ...settingsOf(port, options.namesrvAddr), ...own }))
    const [mainClass, args] = ['org.apache.rocketmq.proxy.ProxyStartup', ['-pc', file]]
    return { classPath: [`${jars}/*`], mainClass, args, memory: SHORT_LIVED, folder }
  }
  const title = `proxy of RocketMQ ${version}`
  const usable = async (address: string, signal: AbortSignal): Promise<void> => {
    if (broker === undefined) return
    const [host, port] = address.split(':')
    const own = {
      name: broker['brokerName'] ?? LOCAL_BROKER,
      id: 0,
      address: `${host}:${Number(port) + BROKER_PORT_OFFSET}`,
    }
    await waitUntilListed(options.namesrvAddr, own, signal)
  }
  const server = await RealServer.start({
    title,
    portOffsets: broker === undefined ? [GRPC_PORT_OFFSET] : PORT_OFFSETS,
    prepare,
    usable,
  })
  return {
    address: server.address,
    stop: async () => {
      await server.kill()
      await removeRunFolder(folder)
    },
  }
}

function settingsOf(port: number, namesrvAddr: string): Record<string, unknown> {
  return {
    proxyMode: 'CLUSTER',
    rocketMQClusterName: 'DefaultCluster',
    namesrvAddr,
    remotingListenPort: port,
    grpcServerPort: port + GRPC_PORT_OFFSET,
    remotingAccessAddr: '127.0.0.1',
    localServeAddr: '127.0.0.1',
    // Brokers ask about transactions whoever sends them heartbeats: every 20 s as it comes.
    transactionHeartbeatPeriodSecond: REFRESH_SECONDS,
    topicRouteServiceCacheRefreshSeconds: REFRESH_SECONDS,
    topicConfigCacheRefreshSeconds: REFRESH_SECONDS,
    subscriptionGroupConfigCacheRefreshSeconds: REFRESH_SECONDS,
  }
}

async function localConf(
  { broker, namesrvAddr }: RealProxyOptions,
  folder: string,
  port: number,
): Promise<Record<string, unknown>> {
  if (broker === undefined) return {}
  const listenPort = port + BROKER_PORT_OFFSET
  const ports = { listenPort: String(listenPort), haListenPort: String(listenPort + 1) }
  const conf = { ...BROKER_CONF, ...storeConf(folder), brokerName: LOCAL_BROKER, ...broker, ...ports, namesrvAddr }
  return { proxyMode: 'LOCAL', brokerConfigPath: await writeConf(join(folder, 'broker.conf'), conf) }
}

async function tlsConf(tls: RealProxyOptions['tls'], folder: string): Promise<Record<string, unknown>> {
  if (tls === undefined) return {}
  const [tlsCertPath, tlsKeyPath] = [join(folder, 'proxy.pem'), join(folder, 'proxy.key')]
  await Promise.all([writeFile(tlsCertPath, tls.cert), writeFile(tlsKeyPath, tls.key)])
  return { tlsTestModeEnable: false, tlsCertPath, tlsKeyPath }
}
