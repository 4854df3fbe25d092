import { loadLibrary } from '../../drivers/load-library'
import { startStopwatch } from '../../drivers/rounds'
import type { GrowthSubject } from '../growth-subject'
import { createTopic, sendMany } from '../traffic'

const TOPIC = 'InFlight'
const LEAST_MESSAGES = 40_000
const BODY = Buffer.alloc(100, 'rocketwire')

/** Sends that are called and not resolved yet; those beyond the producer's own limit wait their turn in it. */
export const inFlight: GrowthSubject = {
  sizes: [1, 10, 100, 1000, 10_000, 100_000],
  curves: { 'in-flight': { title: 'sends in flight: CPU of a message', unit: 'µs', of: 'one' } },
  open: async ({ namesrvAddr, library }) => {
    const rocketwire = loadLibrary(library)
    await createTopic(rocketwire, namesrvAddr, { topic: TOPIC, queues: 8 })
    const producer = new rocketwire.Producer({ namesrvAddr, producerGroup: 'bench', sendTimeoutMs: 60_000 })
    await producer.start()
    return async atATime => {
      const count = Math.max(atATime === 1 ? LEAST_MESSAGES / 4 : LEAST_MESSAGES, 2 * atATime)
      const stop = startStopwatch()
      await sendMany(producer, { message: () => ({ topic: TOPIC, body: BODY }), count, atATime })
      return { 'in-flight': stop().cpuMicros / count }
    }
  },
}
