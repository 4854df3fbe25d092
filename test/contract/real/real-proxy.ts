import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ensureArtifacts, type RocketMQVersion } from './artifacts'
import { SHORT_LIVED, type JavaCommand } from './java-command'
import { RealServer } from './real-server'
import { makeRunFolder, removeRunFolder } from './run-folder'
import { makeServerFolder } from './server-files'

export interface RealProxyOptions {
  readonly version: RocketMQVersion
  /** The cluster in front of whose brokers it stands. */
  readonly namesrvAddr: string
}

export interface RealProxy {
  /** Of its remoting port: what clients take for a name server, and are told as the address of every broker. */
  readonly address: string
  stop(): Promise<void>
}

const GRPC_PORT_OFFSET = 1
/** How long it keeps what it knows of topics, those that do not exist included; 20 s as it comes. */
const REFRESH_SECONDS = 1

/** Starts a proxy of its own process ("cluster mode") and resolves when it is up, which takes some seconds. */
export async function startRealProxy({ version, namesrvAddr }: RealProxyOptions): Promise<RealProxy> {
  const jars = await ensureArtifacts(version)
  const folder = await makeServerFolder(await makeRunFolder(`proxy-${version}`))
  const prepare = async (port: number): Promise<JavaCommand> => {
    const file = join(folder, 'rmq-proxy.json')
    await writeFile(file, JSON.stringify(settingsOf(port, namesrvAddr)))
    const [mainClass, args] = ['org.apache.rocketmq.proxy.ProxyStartup', ['-pc', file]]
    return { classPath: [`${jars}/*`], mainClass, args, memory: SHORT_LIVED, folder }
  }
  const title = `proxy of RocketMQ ${version}`
  const usable = async (): Promise<void> => undefined
  const server = await RealServer.start({ title, portOffsets: [GRPC_PORT_OFFSET], prepare, usable })
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
