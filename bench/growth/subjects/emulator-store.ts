import { readFileSync } from 'node:fs'
import type { Message } from '../../../lib/model/message'
import { systemClock } from '../../../lib/runtime/clock'
import { loadLibrary } from '../../drivers/load-library'
import type { GrowthSubject } from '../growth-subject'
import { createTopic, sendMany } from '../traffic'

const TOPIC = 'EmulatorStore'
const BODY = Buffer.alloc(1024, 'rocketwire')
const KIB = 1024
const LINE = /^VmRSS:\s+(\d+) kB$/m
const SETTLE_MS = 1000

/** Messages that the emulator holds, each with a tag and a key. */
export const emulatorStore: GrowthSubject = {
  sizes: [10_000, 30_000, 100_000, 300_000, 1_000_000],
  curves: {
    'emulator-store': { title: 'messages of 1 KiB in the emulator: resident memory', unit: 'MiB', of: 'all' },
    'emulator-send': { title: 'messages of 1 KiB in the emulator: time of another one', unit: 'µs', of: 'one' },
  },
  open: async ({ namesrvAddr, emulatorPid, library }) => {
    const rocketwire = loadLibrary(library)
    await createTopic(rocketwire, namesrvAddr, { topic: TOPIC, queues: 8 })
    const producer = new rocketwire.Producer({ namesrvAddr, producerGroup: 'bench' })
    await producer.start()
    let stored = 0
    let micros = 0
    return async size => {
      const count = size - stored
      const startedAt = systemClock.monotonic()
      const message = (): Message => ({ topic: TOPIC, tags: 'bench', keys: 'order-42', body: BODY })
      // The first size is asked for twice.
      if (count > 0) await sendMany(producer, { message, count, atATime: 256 })
      if (count > 0) micros = ((systemClock.monotonic() - startedAt) * 1000) / count
      stored = size
      await systemClock.sleep(SETTLE_MS)
      return { 'emulator-store': residentKib(emulatorPid) / KIB, 'emulator-send': micros }
    }
  },
}

function residentKib(pid: number): number {
  return Number(LINE.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
}
