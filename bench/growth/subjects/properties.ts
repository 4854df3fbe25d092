import type { Message } from '../../../lib/model/message'
import { systemClock } from '../../../lib/runtime/clock'
import type { Costs, GrowthSubject, Surroundings } from '../growth-subject'
import { consumeMany, createTopic, newReader, sendMany, startProducer } from '../traffic'

const MESSAGES = 20_000
const BODY = Buffer.alloc(100, 'rocketwire')

/** Messages with many properties, of which the listener reads one. */
export const properties: GrowthSubject = {
  sizes: [1, 5, 20, 50, 100, 200],
  curves: {
    'properties-send': { title: 'properties of a message: CPU of a send', unit: 'µs', of: 'all' },
    'properties-consume': { title: 'properties of a message: CPU of receiving it, one read', unit: 'µs', of: 'all' },
  },
  open: async surroundings => size => measure(surroundings, size),
}

async function measure(surroundings: Surroundings, size: number): Promise<Costs> {
  const topic = `Properties-${size}-${systemClock.now()}`
  await createTopic(surroundings, { topic, queues: 8 })
  const given = Object.fromEntries(Array.from({ length: size }, (_, i) => [`property-${i}`, `value ${i}`]))
  const producer = await startProducer(surroundings)
  const message = (): Message => ({ topic, properties: given, body: BODY })
  const sent = await sendMany(producer, { message, count: MESSAGES, atATime: 64 })
  await producer.shutdown()
  const consumer = newReader(surroundings, topic)
  const last = `property-${size - 1}`
  const measured = await consumeMany(consumer, { count: MESSAGES, read: received => void received.properties[last] })
  await consumer.shutdown()
  return { 'properties-send': sent.cpuMicros / MESSAGES, 'properties-consume': measured.cpuMicros / MESSAGES }
}
