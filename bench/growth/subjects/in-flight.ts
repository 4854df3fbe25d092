import type { GrowthSubject } from '../growth-subject'
import { createTopic, sendMany, startProducer } from '../traffic'

const TOPIC = 'InFlight'
const LEAST_MESSAGES = 40_000
const BODY = Buffer.alloc(100, 'rocketwire')

/** Sends that are called and not resolved yet; those beyond the producer's own limit wait their turn in it. */
export const inFlight: GrowthSubject = {
  sizes: [1, 10, 100, 1000, 10_000, 100_000],
  curves: { 'in-flight': { title: 'sends in flight: CPU of a message', unit: 'µs', of: 'one' } },
  open: async surroundings => {
    await createTopic(surroundings, { topic: TOPIC, queues: 8 })
    const producer = await startProducer(surroundings, { sendTimeoutMs: 60_000 })
    return async atATime => {
      const count = Math.max(atATime === 1 ? LEAST_MESSAGES / 4 : LEAST_MESSAGES, 2 * atATime)
      const sent = await sendMany(producer, { message: () => ({ topic: TOPIC, body: BODY }), count, atATime })
      return { 'in-flight': sent.cpuMicros / count }
    }
  },
}
