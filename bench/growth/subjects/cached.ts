import { ProcessQueue, type ProcessQueueEntry } from '../../../lib/consumer/push/process-queue'
import { storedMessage } from '../../../test/support/records'
import { startStopwatch } from '../../drivers/rounds'
import type { Costs, GrowthSubject } from '../growth-subject'

const QUEUE = { topic: 'Orders', brokerName: 'broker-a', queueId: 0 }
const LIMITS = { maxMessages: 1e9, maxBytes: 1e12, maxSpan: undefined }
const BATCH = 32
const OPERATIONS = 96_000
const SWEEPS = 100_000
const SWEEP_HEADS = 16

/** Messages in hand of one queue, which listeners end in any order. */
export const cached: GrowthSubject = {
  sizes: [100, 1000, 10_000, 100_000],
  curves: {
    'cached-message': { title: 'messages in hand of a queue: put, taken, done and committed', unit: 'ns', of: 'one' },
    'cached-again': { title: 'messages in hand of a queue: taken and given back', unit: 'ns', of: 'one' },
    'cached-sweep': { title: 'messages in hand of a queue: a look for slow listeners', unit: 'ns', of: 'one' },
  },
  open: async () => size => Promise.resolve(measure(size)),
}

function measure(size: number): Costs {
  const queue = new ProcessQueue(QUEUE, 0, LIMITS)
  const body = Buffer.alloc(100)
  const messages = Array.from({ length: size + OPERATIONS + BATCH }, (_, i) => storedMessage({ queueOffset: i, body }))
  let offset = 0
  const put = (): void => {
    queue.put(messages.slice(offset, offset + BATCH), offset + BATCH)
    offset += BATCH
  }
  while (queue.count < size) put()
  const running = queue.take(size, 0)
  const message = nsPer(OPERATIONS / BATCH, () => {
    put()
    for (const entry of queue.take(BATCH, 0)) {
      const at = (entry.offset * 7919) % running.length
      const ended = running[at] as ProcessQueueEntry
      running[at] = entry
      queue.finish([ended])
    }
  })
  const again = nsPer(4, () => {
    queue.giveBack(running)
    queue.take(running.length, 0)
  })
  const sweep = nsPer(SWEEPS, () => queue.heads(SWEEP_HEADS))
  return { 'cached-message': message / BATCH, 'cached-again': again / running.length, 'cached-sweep': sweep }
}

function nsPer(times: number, work: () => void): number {
  const stop = startStopwatch()
  for (let i = 0; i < times; i++) work()
  return (stop().cpuMicros * 1000) / times
}
