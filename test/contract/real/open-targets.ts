import { canStartServers, ensureArtifacts, type RocketMQVersion } from './artifacts'
import { clusterInfo } from './cluster-info'
import { dockerAnswers, startDockerCluster } from './docker-cluster'
import { startRealCluster } from './real-cluster'
import type { ContractTarget } from './target'

/** A target together with what ends it. */
export interface OpenTarget extends ContractTarget {
  stop(options: { keepFiles: boolean }): Promise<void>
  /** Says of each server of ours that ended by itself how it did. */
  crashes(): string[]
}

export interface OpenOptions {
  /** Told what is worth knowing about the start. */
  readonly say: (line: string) => void
  /** Nothing new is started once it is aborted. */
  readonly signal: AbortSignal
}

/**
 * A cluster for each version, to run tests on: the one that `ROCKETMQ_NAMESRV` names, else containers where a Docker
 * daemon answers, else servers from jars. Containers that do not come up are replaced by servers from jars. Rejects
 * when one cannot be had, after the others were stopped.
 */
export async function openTargets(versions: readonly RocketMQVersion[], options: OpenOptions): Promise<OpenTarget[]> {
  const open = await opener(versions, options)
  const results = await Promise.allSettled(versions.map(version => open(version)))
  const targets = results.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []))
  const failure = results.find(result => result.status === 'rejected')
  if (failure === undefined) return targets
  await Promise.all(targets.map(target => target.stop({ keepFiles: false })))
  throw failure.reason
}

type Open = (version: RocketMQVersion) => Promise<OpenTarget>

async function opener(versions: readonly RocketMQVersion[], { say, signal }: OpenOptions): Promise<Open> {
  const existing = process.env.ROCKETMQ_NAMESRV
  if (existing !== undefined && existing !== '') return version => openExisting(version, existing)
  if (await dockerAnswers()) {
    return version =>
      openDocker(version).catch((error: unknown) => {
        signal.throwIfAborted()
        say(`Docker could not start RocketMQ ${version}, so its jars are used: ${String(error)}`)
        return openJars(version)
      })
  }
  for (const version of versions) {
    await ensureArtifacts(version)
    signal.throwIfAborted()
  }
  return openJars
}

/** Nothing is started or stopped there. */
async function openExisting(version: RocketMQVersion, namesrvAddr: string): Promise<OpenTarget> {
  const [first = namesrvAddr] = namesrvAddr.split(/[;,]/)
  await clusterInfo(first).catch((cause: unknown) => {
    throw new Error(`the name server ${first} of ROCKETMQ_NAMESRV does not answer: ${String(cause)}`, { cause })
  })
  return {
    version,
    namesrvAddr,
    origin: 'existing',
    ownClusters: false,
    stop: async () => undefined,
    crashes: () => [],
  }
}

async function openDocker(version: RocketMQVersion): Promise<OpenTarget> {
  const cluster = await startDockerCluster(version)
  const ownClusters = await canStartServers(version)
  const { namesrvAddr, stop } = cluster
  return { version, namesrvAddr, origin: 'docker', ownClusters, stop, crashes: () => [] }
}

async function openJars(version: RocketMQVersion): Promise<OpenTarget> {
  const cluster = await startRealCluster({ version })
  const { namesrvAddr, stop, crashes } = cluster
  return { version, namesrvAddr, origin: 'jars', ownClusters: true, stop, crashes }
}
