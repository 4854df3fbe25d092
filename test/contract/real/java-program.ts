import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packageRoot } from '../../support/package-root'
import { ensureArtifacts, type RocketMQVersion } from './artifacts'
import { cachedFolder } from './cache-folder'
import { JAVA_CURE, javaArguments, jdkTool, SHORT_LIVED } from './java-command'
import { mustRun, runCommand } from './run-command'
import { withRunFolder } from './run-folder'

const SOURCES = ['JsonLine.java', 'Send.java', 'Consume.java']

export interface JavaProgramResult {
  readonly exitCode: number | null
  /** What it printed, a JSON object a line. */
  readonly lines: readonly Record<string, string | number | null>[]
  readonly stderr: string
}

/**
 * Runs a program of `test/contract/java` with the Java client of a version; the head of its source says which
 * arguments it takes. Rejects when it does not compile or is not done within `timeoutMs` (default 60,000).
 */
export async function runJavaProgram(
  program: 'Send' | 'Consume',
  args: readonly string[],
  options: { version: RocketMQVersion; timeoutMs?: number },
): Promise<JavaProgramResult> {
  const { version, timeoutMs = 60_000 } = options
  const jars = await ensureArtifacts(version)
  const classPath = [await compiled(version, jars), `${jars}/*`]
  return withRunFolder(`java-${program}`, async folder => {
    const command = javaArguments({ classPath, mainClass: program, args, memory: SHORT_LIVED, folder })
    const { code, stdout, stderr } = await runCommand(jdkTool('java'), command, {
      cwd: folder,
      timeoutMs,
      cure: JAVA_CURE,
    })
    const lines = stdout.split('\n').filter(line => line.startsWith('{'))
    return { exitCode: code, lines: lines.map(line => JSON.parse(line)), stderr }
  })
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
