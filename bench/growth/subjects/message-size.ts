import { systemClock } from '../../../lib/runtime/clock'
import type { Costs, GrowthSubject, Surroundings } from '../growth-subject'
import { consumeMany, createTopic, newReader, sendMany, startProducer } from '../traffic'

const MOST_MESSAGES = 20_000
const MOST_BYTES = 256 * 1024 * 1024
/** Sizes are those of bodies that are sent as they are. */
const NEVER = 2 ** 30

/** Messages of different sizes, uncompressed. */
export const messageSize: GrowthSubject = {
  sizes: [16, 256, 4096, 65_536, 1_048_576, 4_194_304],
  curves: {
    'size-send': { title: 'bytes of a message: CPU of a send', unit: 'µs', of: 'all' },
    'size-send-byte': { title: 'bytes of a message: CPU of a send, of one byte', unit: 'ns', of: 'one' },
    'size-consume': { title: 'bytes of a message: CPU of receiving it', unit: 'µs', of: 'all' },
    'size-consume-byte': { title: 'bytes of a message: CPU of receiving it, of one byte', unit: 'ns', of: 'one' },
  },
  open: async surroundings => size => measure(surroundings, size),
}

async function measure(surroundings: Surroundings, size: number): Promise<Costs> {
  const topic = `Size-${size}-${systemClock.now()}`
  const count = Math.min(MOST_MESSAGES, Math.floor(MOST_BYTES / size))
  const body = Buffer.alloc(size, 'rocketwire')
  await createTopic(surroundings, { topic, queues: 8 })
  const producer = await startProducer(surroundings, { compressMsgBodyOverHowmuch: NEVER })
  const atATime = size > 65_536 ? 4 : 64
  const sent = await sendMany(producer, { message: () => ({ topic, body }), count, atATime })
  await producer.shutdown()
  const consumer = newReader(surroundings, topic)
  const measured = await consumeMany(consumer, { count, read: message => void message.body.length })
  await consumer.shutdown()
  const [send, consume] = [sent.cpuMicros / count, measured.cpuMicros / count]
  return {
    'size-send': send,
    'size-send-byte': (1000 * send) / size,
    'size-consume': consume,
    'size-consume-byte': (1000 * consume) / size,
  }
}
