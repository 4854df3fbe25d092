import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A RocketMQ properties file. */
export type ServerConf = Readonly<Record<string, string>>

/** What every broker of the tests runs with, in Docker too. */
export const BROKER_CONF: ServerConf = {
  brokerClusterName: 'DefaultCluster',
  brokerRole: 'ASYNC_MASTER',
  brokerIP1: '127.0.0.1',
  brokerIP2: '127.0.0.1',
  mappedFileSizeCommitLog: '67108864',
  diskMaxUsedSpaceRatio: '98',
  enablePropertyFilter: 'true',
  autoCreateTopicEnable: 'true',
  traceTopicEnable: 'true',
  recallMessageEnable: 'true',
  // 5.5.0 spins on a core for ever once it was told the end of a transaction, unless it writes each down at once and looks
  // again when there is more (`TransactionalOpBatchService`).
  transactionOpMsgMaxSize: '1',
  transactionOpBatchInterval: '3600000',
  // By default a send that waits 200 ms for its thread is refused, which a small machine with many clients reaches.
  waitTimeMillsInSendQueue: '10000',
}

/** Where the store of a broker lies under its folder. */
export function storeConf(folder: string): ServerConf {
  return { storePathRootDir: join(folder, 'store'), storePathCommitLog: join(folder, 'store', 'commitlog') }
}

/** Writes a properties file and returns its path. */
export async function writeConf(file: string, conf: ServerConf): Promise<string> {
  await writeFile(
    file,
    Object.entries(conf)
      .map(([key, value]) => `${key}=${value}\n`)
      .join(''),
  )
  return file
}

/** Makes a server's folder with the log settings that 4.9 asks for; 5.x brings its own. */
export async function makeServerFolder(folder: string): Promise<string> {
  const conf = join(folder, 'home', 'conf')
  await mkdir(conf, { recursive: true })
  const names = ['broker', 'namesrv', 'tools']
  await Promise.all(names.map(name => writeFile(join(conf, `logback_${name}.xml`), logbackOf(name))))
  return folder
}

function logbackOf(name: string): string {
  return `<configuration>
<appender name="file" class="ch.qos.logback.core.FileAppender">
<file>\${user.home}/logs/${name}.log</file><encoder><pattern>%d %p %t %c - %m%n</pattern></encoder>
</appender>
<root level="WARN"><appender-ref ref="file"/></root>
</configuration>
`
}
