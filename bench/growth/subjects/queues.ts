import { systemClock } from '../../../lib/runtime/clock'
import { startStopwatch } from '../../drivers/rounds'
import type { Costs, GrowthSubject, Surroundings } from '../growth-subject'
import { consumeMany, createTopic, heapInUse, newReader, sendMany, startProducer } from '../traffic'

const LEAST_MESSAGES = 40_000
const PER_QUEUE = 32
const BODY = Buffer.alloc(100, 'rocketwire')
const IDLE_MS = 10_000

/** A push consumer that has all queues of a topic. */
export const queues: GrowthSubject = {
  sizes: [8, 64, 512, 2000, 10_000],
  curves: {
    'queues-start': { title: 'queues per consumer: time of its start', unit: 'ms', of: 'all' },
    'queues-cpu': { title: 'queues per consumer: CPU of a message', unit: 'µs', of: 'one' },
    'queues-idle': { title: 'queues per consumer: CPU of a second without messages', unit: 'ms', of: 'all' },
    'queues-memory': { title: 'queues per consumer: heap', unit: 'KiB', of: 'all' },
  },
  open: async surroundings => size => measure(surroundings, size),
}

async function measure(surroundings: Surroundings, size: number): Promise<Costs> {
  const topic = `Queues-${size}-${systemClock.now()}`
  const count = Math.max(LEAST_MESSAGES, PER_QUEUE * size)
  await createTopic(surroundings, { topic, queues: size })
  const producer = await startProducer(surroundings)
  await sendMany(producer, { message: () => ({ topic, body: BODY }), count, atATime: 256 })
  await producer.shutdown()
  const before = heapInUse()
  const consumer = newReader(surroundings, topic)
  const startedAt = systemClock.monotonic()
  let firstAt = 0
  const read = (): void => void (firstAt ||= systemClock.monotonic())
  const { cpuMicros } = await consumeMany(consumer, { count, read })
  // Offsets of all queues are written down once more.
  await systemClock.sleep(IDLE_MS)
  const heap = heapInUse() - before
  const stop = startStopwatch()
  await systemClock.sleep(IDLE_MS)
  const idle = stop()
  await consumer.shutdown()
  return {
    'queues-start': firstAt - startedAt,
    'queues-cpu': cpuMicros / count,
    'queues-idle': idle.cpuMicros / 1000 / idle.seconds,
    'queues-memory': heap / 1024,
  }
}
