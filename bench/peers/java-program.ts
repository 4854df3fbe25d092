import { delimiter, join } from 'node:path'
import { jdkTool } from '../../test/contract/real/java-command'
import type { ProgramCommand } from '../child-program'
import { type Builder, builtPeer } from './built-peer'

const CURE = 'Install Maven and a JDK (17 is tested), or leave java out of --drivers.'

/** The driver of the Java client, which Maven builds. Its JVM has the defaults of its version, and its log is of warnings. */
export async function javaProgram(builder: Builder): Promise<ProgramCommand> {
  const folder = await builtPeer(builder, { program: 'mvn', args: ['-q', '-B', 'package'], cure: CURE })
  const logs = [`-Drocketmq.log.root=${join(folder, 'logs')}`, '-Drocketmq.log.level=warn']
  const classPath = [join(folder, 'target/classes'), join(folder, 'target/lib/*')].join(delimiter)
  return { name: 'java', file: jdkTool('java'), args: [...logs, '-cp', classPath, 'rocketwire.bench.Driver'] }
}
