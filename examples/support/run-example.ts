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
 * There its topics and groups stay: a broker of 4.9 can crash when topics are deleted while messages are stored.
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
  } finally {
    await admin.shutdown()
  }
  await example({ namesrvAddr, topic, group })
}
