import type { Message } from '../../../lib/model/message'
import { systemClock } from '../../../lib/runtime/clock'
import { memoryOf } from '../../machine'
import type { GrowthSubject } from '../growth-subject'
import { createTopic, sendMany, startProducer } from '../traffic'

const TOPIC = 'EmulatorStore'
const BODY = Buffer.alloc(1024, 'rocketwire')
const MIB = 1024 * 1024
const SETTLE_MS = 1000

/** Messages that the emulator holds, each with a tag and a key. */
export const emulatorStore: GrowthSubject = {
  sizes: [10_000, 30_000, 100_000, 300_000, 1_000_000],
  curves: {
    'emulator-store': { title: 'messages of 1 KiB in the emulator: resident memory', unit: 'MiB', of: 'all' },
    'emulator-send': { title: 'messages of 1 KiB in the emulator: time of another one', unit: 'µs', of: 'one' },
  },
  open: async surroundings => {
    await createTopic(surroundings, { topic: TOPIC, queues: 8 })
    const producer = await startProducer(surroundings)
    let stored = 0
    let micros = 0
    return async size => {
      const count = size - stored
      const message = (): Message => ({ topic: TOPIC, tags: 'bench', keys: 'order-42', body: BODY })
      // The first size is asked for twice.
      if (count > 0) {
        const { seconds } = await sendMany(producer, { message, count, atATime: 256 })
        micros = (seconds * 1e6) / count
      }
      stored = size
      await systemClock.sleep(SETTLE_MS)
      return { 'emulator-store': (memoryOf(surroundings.emulatorPid, 'now') ?? NaN) / MIB, 'emulator-send': micros }
    }
  },
}
