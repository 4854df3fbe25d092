import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cachedFolder, cacheRoot } from './cache-folder'
import { JAVA_CURE, jdkTool } from './java-command'
import { mustRun, runCommand } from './run-command'

/** The RocketMQ versions the project is tested against: the newest of each generation. */
export const ROCKETMQ_VERSIONS = ['5.5.0', '4.9.4'] as const
export type RocketMQVersion = (typeof ROCKETMQ_VERSIONS)[number]

const ARTIFACTS: Record<RocketMQVersion, readonly string[]> = {
  '5.5.0': ['namesrv', 'broker', 'tools', 'proxy', 'controller'],
  '4.9.4': ['namesrv', 'broker', 'tools', 'acl'],
}
const COPY_DEPENDENCIES = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies'
const DOWNLOAD_TRIES = 3
const DOWNLOAD_MS = 300_000

let pending: Promise<unknown> = Promise.resolve()

/**
 * The folder with all jars of a version; Maven downloads them on first use. Rejects when Java or Maven is missing,
 * or when the third download fails. One download runs at a time, for Maven's own repository is not made for two.
 */
export function ensureArtifacts(version: RocketMQVersion): Promise<string> {
  const folder = pending.then(() => cachedFolder(folderName(version), unfinished => download(version, unfinished)))
  pending = folder.catch(() => undefined)
  return folder
}

/** Whether servers of a version can be started here: Java is, and its jars are or Maven can bring them. */
export async function canStartServers(version: RocketMQVersion): Promise<boolean> {
  const jarsAreHere = existsSync(join(cacheRoot(), folderName(version)))
  return (await runs(jdkTool('java'))) && (jarsAreHere || (await runs('mvn')))
}

async function runs(program: string): Promise<boolean> {
  const answer = runCommand(program, ['-version']).catch(() => undefined)
  return (await answer)?.code === 0
}

/** The list of artifacts is part of the name, so that a change of the list does not meet an old folder. */
function folderName(version: RocketMQVersion): string {
  const list = createHash('sha256').update(pomOf(version)).digest('hex').slice(0, 8)
  return `rocketmq-${version}-${list}`
}

async function download(version: RocketMQVersion, folder: string): Promise<void> {
  await mustRun(jdkTool('java'), ['-version'], { cure: JAVA_CURE })
  const pom = join(folder, 'pom.xml')
  await writeFile(pom, pomOf(version))
  const cure = `It brings the RocketMQ ${version} jars into ${cacheRoot()}. Install it, or name a running cluster in ROCKETMQ_NAMESRV.`
  for (let attempt = 1; ; attempt++) {
    const args = ['-q', '-B', '-f', pom, COPY_DEPENDENCIES, `-DoutputDirectory=${folder}`]
    const { code, stdout, stderr } = await runCommand('mvn', args, { cure, timeoutMs: DOWNLOAD_MS })
    if (code === 0) return
    const wasKilled = code === null
    if (wasKilled || attempt === DOWNLOAD_TRIES)
      throw new Error(`Maven could not bring the RocketMQ ${version} jars:\n${stdout}${stderr}`)
  }
}

function pomOf(version: RocketMQVersion): string {
  const dependencies = ARTIFACTS[version].map(
    name =>
      `<dependency><groupId>org.apache.rocketmq</groupId><artifactId>rocketmq-${name}</artifactId><version>${version}</version></dependency>`,
  )
  return `<project><modelVersion>4.0.0</modelVersion>
<groupId>rocketwire</groupId><artifactId>real-rocketmq</artifactId><version>1</version>
<dependencies>${dependencies.join('\n')}</dependencies></project>`
}
