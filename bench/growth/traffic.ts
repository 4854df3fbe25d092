import type * as Rocketwire from '../../lib/index'
import { type Measured, startStopwatch } from '../drivers/rounds'

/** The exports of a build of the package. */
export type Library = typeof Rocketwire

/** Makes a topic with so many queues. */
export async function createTopic(
  { AdminClient }: Library,
  namesrvAddr: string,
  { topic, queues }: { topic: string; queues: number },
): Promise<void> {
  const admin = new AdminClient({ namesrvAddr })
  await admin.start()
  await admin.createTopic({ topic, readQueueNums: queues, writeQueueNums: queues })
  await admin.shutdown()
}

/** Sends `count` messages, so many at a time. */
export function sendMany(
  producer: Pick<Rocketwire.Producer, 'send'>,
  { message, count, atATime }: { message: (index: number) => Rocketwire.Message; count: number; atATime: number },
): Promise<void> {
  return new Promise((resolve, reject) => {
    let started = 0
    let sent = 0
    const sendOne = (): void => void producer.send(message(started++)).then(onSent, reject)
    const onSent = (): void => {
      sent++
      if (started < count) sendOne()
      else if (sent === count) resolve()
    }
    while (started < Math.min(atATime, count)) sendOne()
  })
}

/** Begins to read, and resolves with what it takes from the first of `count` messages to the last. */
export function consumeMany(
  consumer: Rocketwire.PushConsumer,
  { count, read }: { count: number; read: (message: Rocketwire.MessageExt) => void },
): Promise<Measured> {
  let left = count
  let stop: (() => Measured) | undefined
  const done = new Promise<Measured>((resolve, reject) => {
    consumer.on('backgroundError', reject)
    consumer.consume(messages => {
      stop ??= startStopwatch()
      for (const message of messages) read(message)
      left -= messages.length
      if (left === 0) resolve(stop())
    })
  })
  return Promise.all([done, consumer.start()]).then(([measured]) => measured)
}

/** Bytes that are in use after a full collection; the process runs with `--expose-gc`. */
export function heapInUse(): number {
  for (let i = 0; i < 3; i++) globalThis.gc?.()
  return process.memoryUsage().heapUsed
}
