import { untilAnswered } from './admin-tool'
import { ensureArtifacts, type RocketMQVersion } from './artifacts'
import { JAVA_CURE, javaArguments, jdkTool, SHORT_LIVED } from './java-command'
import { mustRun } from './run-command'
import { withRunFolder } from './run-folder'
import { makeServerFolder } from './server-files'

/**
 * Runs the real admin tool of a version, such as `['clusterList', '-n', namesrvAddr]`, and returns what it printed.
 * Rejects on an exit code other than 0, but the tool only prints most of its errors.
 */
export function runAdmin(version: RocketMQVersion, args: readonly string[]): Promise<string> {
  return untilAnswered(args, () => runOnce(version, args))
}

async function runOnce(version: RocketMQVersion, args: readonly string[]): Promise<string> {
  const jars = await ensureArtifacts(version)
  return withRunFolder('mqadmin', async folder => {
    await makeServerFolder(folder)
    const mainClass = 'org.apache.rocketmq.tools.command.MQAdminStartup'
    const command = javaArguments({ classPath: [`${jars}/*`], mainClass, args, memory: SHORT_LIVED, folder })
    const { stdout, stderr } = await mustRun(jdkTool('java'), command, { cwd: folder, cure: JAVA_CURE })
    return stdout + stderr
  })
}
