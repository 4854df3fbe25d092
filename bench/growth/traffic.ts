import type * as Rocketwire from '../../lib/index'
import { inFlight } from '../drivers/in-flight'
import { loadLibrary } from '../drivers/load-library'
import type { Measured } from '../drivers/rounds'
import { untilHandled } from '../drivers/until-handled'
import type { Surroundings } from './growth-subject'

interface Sending {
  readonly message: () => Rocketwire.Message
  readonly count: number
  /** Sends under way. */
  readonly atATime: number
}

/** Makes a topic with so many queues. */
export async function createTopic(
  { namesrvAddr, library }: Surroundings,
  { topic, queues }: { topic: string; queues: number },
): Promise<void> {
  const { AdminClient } = loadLibrary(library)
  const admin = new AdminClient({ namesrvAddr })
  await admin.start()
  await admin.createTopic({ topic, readQueueNums: queues, writeQueueNums: queues })
  await admin.shutdown()
}

/** A producer that has been started. */
export async function startProducer(
  { namesrvAddr, library }: Surroundings,
  options: Partial<Rocketwire.ProducerOptions> = {},
): Promise<Rocketwire.Producer> {
  const { Producer } = loadLibrary(library)
  const producer = new Producer({ namesrvAddr, producerGroup: 'bench', ...options })
  await producer.start()
  return producer
}

/** Sends so many messages, a given number at a time, and measures what that takes. */
export function sendMany(
  producer: Pick<Rocketwire.Producer, 'send'>,
  { message, count, atATime }: Sending,
): Promise<Measured> {
  return inFlight(count, atATime, () => producer.send(message()))
}

/** A consumer of a new group, which begins with the first message of a topic. */
export function newReader({ namesrvAddr, library }: Surroundings, topic: string): Rocketwire.PushConsumer {
  const { PushConsumer } = loadLibrary(library)
  const consumeFromWhere = 'CONSUME_FROM_FIRST_OFFSET'
  return new PushConsumer({ namesrvAddr, consumerGroup: topic, consumeFromWhere }).subscribe(topic)
}

/** Begins to read, and resolves with what it takes from the first of `count` messages to the last. */
export async function consumeMany(
  consumer: Rocketwire.PushConsumer,
  { count, read }: { count: number; read: (message: Rocketwire.MessageExt) => void },
): Promise<Measured> {
  const done = untilHandled(consumer, count, (_, onMessages) => {
    consumer.consume(messages => {
      for (const message of messages) read(message)
      onMessages(messages)
    })
  })
  const [measured] = await Promise.all([done, consumer.start()])
  return measured
}

/** Bytes that are in use after a full collection; the process runs with `--expose-gc`. */
export function heapInUse(): number {
  for (let i = 0; i < 3; i++) globalThis.gc?.()
  return process.memoryUsage().heapUsed
}
