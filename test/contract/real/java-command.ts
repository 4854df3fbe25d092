import { join } from 'node:path'

/** Said where a JDK is needed and none is found. */
export const JAVA_CURE = 'Install a JDK (17 is tested), or name a running cluster in ROCKETMQ_NAMESRV.'

/** What RocketMQ needs opened to run on JDK 17. */
const OPENED = [
  '--add-opens=java.base/java.nio=ALL-UNNAMED',
  '--add-opens=java.base/sun.nio.ch=ALL-UNNAMED',
  '--add-opens=java.base/java.util=ALL-UNNAMED',
  '--add-opens=java.base/java.lang=ALL-UNNAMED',
  '--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED',
  '--add-exports=java.base/sun.nio.ch=ALL-UNNAMED',
]

/** Small and quick to start, for what runs a few seconds: no second compiler tier, one thread for garbage. */
export const SHORT_LIVED = ['-Xms32m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']

/** One start of a Java class. */
export interface JavaCommand {
  readonly classPath: readonly string[]
  readonly mainClass: string
  readonly args: readonly string[]
  /** Heap and collector. */
  readonly memory: readonly string[]
  /**
   * Taken as `user.home` (RocketMQ puts logs and state there) and for temporary files (RocksDB's library, certificates);
   * its `home` folder is RocketMQ's installation folder.
   */
  readonly folder: string
  /** Further options of the JVM. */
  readonly jvm?: readonly string[]
}

/** A tool of the JDK: that of JAVA_HOME where it is set, else that of the PATH. */
export function jdkTool(tool: 'java' | 'javac', env: NodeJS.ProcessEnv = process.env): string {
  return env.JAVA_HOME === undefined || env.JAVA_HOME === '' ? tool : join(env.JAVA_HOME, 'bin', tool)
}

/** The arguments of `java` for a command. */
export function javaArguments({ classPath, mainClass, args, memory, folder, jvm = [] }: JavaCommand): string[] {
  const places = [`-Drocketmq.home.dir=${join(folder, 'home')}`, `-Duser.home=${folder}`, `-Djava.io.tmpdir=${folder}`]
  return [...OPENED, ...memory, ...jvm, '-XX:-UsePerfData', ...places, '-cp', classPath.join(':'), mainClass, ...args]
}
