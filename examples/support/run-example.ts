import { randomUUID } from 'node:crypto'
import { AdminClient } from 'rocketwire'
import { Emulator } from 'rocketwire/emulator'

/** Where an example runs: names that nobody else uses. */
export interface Place {
  readonly namesrvAddr: string
  readonly topic: string
  readonly group: string
}

/**
 * Runs an example with a fresh topic of four queues: on the cluster that NAMESRV_ADDR names, else on an emulator of its own.
 * Its topics and groups are deleted at the end.
 */
export function runExample(example: (place: Place) => Promise<void>): void {
  run(example).catch((error: unknown) => {
    console.error(error)
    process.exitCode = 1
  })
}

async function run(example: (place: Place) => Promise<void>): Promise<void> {
  const cluster = process.env['NAMESRV_ADDR']
  if (cluster !== undefined && cluster !== '') return onCluster(cluster, example)
  const emulator = await Emulator.start()
  try {
    await onCluster(emulator.namesrvAddr, example)
  } finally {
    await emulator.shutdown()
  }
}

async function onCluster(namesrvAddr: string, example: (place: Place) => Promise<void>): Promise<void> {
  const id = randomUUID()
  const topic = `Example-${id}`
  const group = `example-${id}`
  const admin = new AdminClient({ namesrvAddr })
  await admin.start()
  try {
    await admin.createTopic({ topic, readQueueNums: 4, writeQueueNums: 4 })
    await example({ namesrvAddr, topic, group })
  } finally {
    await cleanUp(admin, id)
    await admin.shutdown()
  }
}

/** Every consumer group leaves a retry topic, and by its name it is found. */
async function cleanUp(admin: AdminClient, id: string): Promise<void> {
  const topics = (await admin.topics()).filter(name => name.includes(id))
  for (const name of topics) {
    if (name.startsWith('%RETRY%')) await admin.deleteGroup(name.slice('%RETRY%'.length), { cleanOffsets: true })
    await admin.deleteTopic(name)
  }
}
