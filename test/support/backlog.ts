import type { MessageExt, Producer } from '../../lib/index'
import { systemClock } from '../../lib/runtime/clock'
import { Ledger } from './ledger'
import { heapInUse } from './leftovers'
import type { Site } from './site'

const BATCH = 200
const BODY_BYTES = 20
/** Messages of a queue that a consumer may have in hand, and the most that one pull brings. */
const [HELD, PULLED] = [500, 100]
/** A listener pauses after so many. */
const PAUSE_EVERY = 100

export interface BacklogFigures {
  readonly ledger: Ledger
  /** Most messages that were in hand at once, by queue. */
  readonly mostHeld: number
  /** Largest difference between the shares of two queues that were handled, while all had messages. */
  readonly unfairness: number
  /** Memory with the backlog half read, over that before. */
  readonly growth: number
  readonly seconds: number
}

/** The largest number of messages of one queue that may be in hand. */
export const MOST_HELD = HELD + PULLED

/** Fills the queues of a topic, then has a consumer with small limits read all of it, while it is watched. */
export async function readBacklog(site: Site, messages: number): Promise<BacklogFigures> {
  const queues = 4
  const topic = await site.freshTopic(queues)
  const ledger = new Ledger()
  const producer = await site.producer()
  await fill(producer, { topic, messages, ledger })
  const handled = new Map<number, number>()
  let [mostHeld, unfairness, count] = [0, 0, 0]
  let half: Promise<number> | undefined
  const settings = { pullThresholdForQueue: HELD, pullBatchSize: PULLED }
  const consumer = site.newConsumer(settings).subscribe(topic)
  const watch = (): void => {
    for (const { queue, cached } of consumer.stats().queues)
      if (queue.topic === topic) mostHeld = Math.max(mostHeld, cached)
    const shares = Array.from({ length: queues }, (_, queueId) => handled.get(queueId) ?? 0)
    // Later some queues are empty.
    if (count < messages / 2) unfairness = Math.max(unfairness, Math.max(...shares) - Math.min(...shares))
  }
  const take = (message: MessageExt): void => {
    ledger.consumed(message.text().trimEnd())
    handled.set(message.queueId, (handled.get(message.queueId) ?? 0) + 1)
    count++
  }
  consumer.consumeEach({ concurrency: 16 }, async message => {
    take(message)
    if (count % PAUSE_EVERY !== 0) return
    watch()
    if (count >= messages / 2) half ??= heapInUse()
    site.changes.notify()
    await new Promise(resolve => setImmediate(resolve))
  })
  const before = await heapInUse()
  const began = systemClock.monotonic()
  await consumer.start()
  await site.until(() => count >= messages, { what: () => `${messages} messages, not ${count}`, withinMs: 170_000 })
  const seconds = (systemClock.monotonic() - began) / 1000
  return { ledger, mostHeld, unfairness, growth: ((await half) ?? before) / before, seconds }
}

async function fill(
  producer: Producer,
  { topic, messages, ledger }: { topic: string; messages: number; ledger: Ledger },
): Promise<void> {
  const queues = await producer.publishMessageQueues(topic)
  const share = messages / queues.length
  await Promise.all(
    queues.map(async (queue, index) => {
      for (let sent = 0; sent < share; sent += BATCH) {
        const ids = Array.from({ length: Math.min(BATCH, share - sent) }, (_, step) => `${index} ${sent + step}`)
        for (const id of ids) ledger.sent(id)
        await producer.send(
          ids.map(id => ({ topic, body: id.padEnd(BODY_BYTES) })),
          { queue, timeoutMs: 10_000 },
        )
        for (const id of ids) ledger.acknowledged(id)
      }
    }),
  )
}
