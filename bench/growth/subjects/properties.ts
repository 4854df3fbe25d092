import type { Message } from '../../../lib/model/message'
import { systemClock } from '../../../lib/runtime/clock'
import { loadLibrary } from '../../drivers/load-library'
import { startStopwatch } from '../../drivers/rounds'
import type { Costs, GrowthSubject, Surroundings } from '../growth-subject'
import { consumeMany, createTopic, sendMany } from '../traffic'

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

async function measure({ namesrvAddr, library }: Surroundings, size: number): Promise<Costs> {
  const rocketwire = loadLibrary(library)
  const topic = `Properties-${size}-${systemClock.now()}`
  await createTopic(rocketwire, namesrvAddr, { topic, queues: 8 })
  const given = Object.fromEntries(Array.from({ length: size }, (_, i) => [`property-${i}`, `value ${i}`]))
  const producer = new rocketwire.Producer({ namesrvAddr, producerGroup: 'bench' })
  await producer.start()
  const stop = startStopwatch()
  const message = (): Message => ({ topic, properties: given, body: BODY })
  await sendMany(producer, { message, count: MESSAGES, atATime: 64 })
  const send = stop().cpuMicros / MESSAGES
  await producer.shutdown()
  const consumer = new rocketwire.PushConsumer({
    namesrvAddr,
    consumerGroup: topic,
    consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET',
  })
  consumer.subscribe(topic)
  const last = `property-${size - 1}`
  const measured = await consumeMany(consumer, { count: MESSAGES, read: received => void received.properties[last] })
  await consumer.shutdown()
  return { 'properties-send': send, 'properties-consume': measured.cpuMicros / MESSAGES }
}
