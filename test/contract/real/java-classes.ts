import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packageRoot } from '../../support/package-root'
import { ensureArtifacts, type RocketMQVersion } from './artifacts'
import { cachedFolder } from './cache-folder'
import { JAVA_CURE, jdkTool } from './java-command'
import { mustRun } from './run-command'

const SOURCES = ['Asking.java', 'JsonLine.java', 'Peer.java', 'Reading.java', 'Sending.java', 'Strategies.java']

/** The class path of the programs of `test/contract/java` with the Java client of a version; compiled on first use. */
export async function javaClassPath(version: RocketMQVersion): Promise<string[]> {
  const jars = await ensureArtifacts(version)
  return [await compiled(version, jars), `${jars}/*`]
}

/** The folder of the compiled programs. It is named by what was compiled, so it serves until a source changes. */
async function compiled(version: RocketMQVersion, jars: string): Promise<string> {
  const sources = SOURCES.map(name => join(packageRoot(), 'test', 'contract', 'java', name))
  const texts = await Promise.all(sources.map(file => readFile(file)))
  const hash = createHash('sha256').update(Buffer.concat(texts)).update(jars).digest('hex').slice(0, 12)
  return cachedFolder(`classes-${version}-${hash}`, async folder => {
    const args = ['-encoding', 'UTF-8', '-proc:none', '-cp', `${jars}/*`, '-d', folder, ...sources]
    await mustRun(jdkTool('javac'), args, { cure: JAVA_CURE })
  })
}
