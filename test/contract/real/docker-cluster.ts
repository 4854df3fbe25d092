import { join } from 'node:path'
import { packageRoot } from '../../support/package-root'
import type { RocketMQVersion } from './artifacts'
import { waitUntilListed } from './cluster-info'
import { mustRun, runCommand } from './run-command'

/** The first start downloads the images. */
const UP_WITHIN_MS = 600_000

/** A cluster in containers. */
export interface DockerCluster {
  readonly namesrvAddr: string
  stop(): Promise<void>
}

const PLACES: Record<RocketMQVersion, { readonly nameServer: string; readonly broker: string }> = {
  '5.5.0': { nameServer: '127.0.0.1:9876', broker: '127.0.0.1:10911' },
  '4.9.4': { nameServer: '127.0.0.1:9976', broker: '127.0.0.1:11911' },
}

/** Where `docker-compose.yml` publishes the servers of a version. */
export function dockerPlaces(version: RocketMQVersion): { readonly nameServer: string; readonly broker: string } {
  return PLACES[version]
}

/** Whether a Docker daemon answers and its client has the compose command. */
export async function dockerAnswers(): Promise<boolean> {
  const succeeds = async (args: string[]): Promise<boolean> => {
    const result = await runCommand('docker', args, { timeoutMs: 10_000 }).catch(() => undefined)
    return result?.code === 0
  }
  return (await succeeds(['info'])) && (await succeeds(['compose', 'version']))
}

/** Starts the containers of a version; resolves when the broker is listed. Rejects with what Docker says, containers removed. */
export async function startDockerCluster(version: RocketMQVersion): Promise<DockerCluster> {
  const { nameServer, broker } = dockerPlaces(version)
  const stop = async (): Promise<void> => {
    await compose(version, ['down', '--volumes', '--timeout', '1'])
  }
  try {
    await compose(version, ['up', '--detach'])
    await waitUntilListed(nameServer, { name: 'broker-a', id: 0, address: broker })
  } catch (error) {
    await stop()
    throw error
  }
  return { namesrvAddr: nameServer, stop }
}

/** Each version is a compose project of its own, so that both can be started and stopped side by side. */
function compose(version: RocketMQVersion, args: readonly string[]): Promise<unknown> {
  const file = join(packageRoot(), 'test', 'contract', 'docker-compose.yml')
  const project = `rocketwire-${version.replaceAll('.', '-')}`
  const options = ['compose', '-f', file, '-p', project, '--profile', version]
  return mustRun('docker', [...options, ...args], { timeoutMs: UP_WITHIN_MS })
}
