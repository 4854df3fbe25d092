import type { MessageExt, Producer, PushConsumer } from '../../lib/index'
import { systemClock } from '../../lib/runtime/clock'
import type { Tally } from './fault-report'
import { heapInUse } from './leftovers'
import type { Site } from './site'

const QUEUES = 4
const BATCH = 200
const BODY_BYTES = 20
/** Messages of a queue that a consumer may have in hand, and the most that one pull brings. */
const [HELD, PULLED] = [500, 100]
const LOOK_EVERY = 100
const READ_WITHIN_MS = 500_000

/** The largest number of messages of one queue that may be in hand. */
export const MOST_HELD = HELD + PULLED

export interface BacklogFigures {
  readonly ledger: Tally
  /** Most messages that were in hand at once, of one queue. */
  readonly mostHeld: number
  /** Largest difference between the shares of two queues that were handled, while all had messages. */
  readonly unfairness: number
  /** Memory with the backlog half read, over that before. */
  readonly growth: number
  readonly seconds: number
}

/** The books of numbered messages, in memory that does not grow while they are read. */
class NumberedLedger implements Tally {
  readonly #times: Uint8Array
  readonly unexplained = []
  readonly strangers: string[] = []

  constructor(count: number) {
    this.#times = new Uint8Array(count)
  }

  consumed(number: number): void {
    const times = this.#times[number]
    if (times === undefined) this.strangers.push(String(number))
    else this.#times[number] = Math.min(255, times + 1)
  }

  get lost(): string[] {
    return Array.from(this.#times, (times, number) => (times === 0 ? String(number) : '')).filter(each => each !== '')
  }

  get figures(): Tally['figures'] {
    const count = this.#times.length
    const lost = this.lost.length
    const repeated = this.#times.reduce((sum, times) => sum + Math.max(0, times - 1), 0)
    return { sent: count, acknowledged: count, consumed: count - lost, lost, repeated }
  }
}

/** Fills the queues of a topic, then has a consumer with small limits read all of it, while it is watched. */
export async function readBacklog(site: Site, messages: number): Promise<BacklogFigures> {
  const topic = await site.freshTopic(QUEUES)
  const ledger = new NumberedLedger(messages)
  await fill(await site.producer(), topic, messages)
  const shares = new Uint32Array(QUEUES)
  let [mostHeld, unfairness, count] = [0, 0, 0]
  let half: Promise<number> | undefined
  let release = (): void => undefined
  const held = new Promise<void>(resolve => (release = resolve))
  const consumer = site.newConsumer({ pullThresholdForQueue: HELD, pullBatchSize: PULLED }).subscribe(topic)
  const look = (): void => {
    mostHeld = Math.max(mostHeld, ...heldBy(consumer, topic))
    // Later some queues are empty.
    if (count < messages / 2) unfairness = Math.max(unfairness, Math.max(...shares) - Math.min(...shares))
    else half ??= heapInUse()
    site.changes.notify()
  }
  const take = (message: MessageExt): void => {
    ledger.consumed(Number(message.text()))
    shares[message.queueId] = (shares[message.queueId] ?? 0) + 1
    count++
  }
  consumer.consumeEach({ concurrency: 16 }, async message => {
    await held
    take(message)
    if (count % LOOK_EVERY === 0) look()
  })
  const before = await heapInUse()
  await consumer.start()
  await untilFull(consumer, topic)
  look()
  const began = systemClock.monotonic()
  release()
  const what = (): string => `${messages} messages, not ${count}`
  await site.until(() => count >= messages, { what, withinMs: READ_WITHIN_MS })
  const seconds = (systemClock.monotonic() - began) / 1000
  return { ledger, mostHeld, unfairness, growth: ((await half) ?? before) / before, seconds }
}

function heldBy(consumer: PushConsumer, topic: string): number[] {
  return consumer.stats().queues.flatMap(({ queue, cached }) => (queue.topic === topic ? [cached] : []))
}

/** Resolves when every queue is at its limit, and nothing has changed that for a moment. */
async function untilFull(consumer: PushConsumer, topic: string): Promise<void> {
  for (let stable = 0, before = ''; stable < 5;) {
    await systemClock.sleep(50)
    const held = heldBy(consumer, topic)
    stable = held.length === QUEUES && held.every(each => each >= HELD) && held.join() === before ? stable + 1 : 0
    before = held.join()
  }
}

/** The bodies are the numbers of the messages. */
async function fill(producer: Producer, topic: string, messages: number): Promise<void> {
  const queues = await producer.publishMessageQueues(topic)
  const share = messages / queues.length
  const fillOne = async (queue: (typeof queues)[number], index: number): Promise<void> => {
    for (let sent = 0; sent < share; sent += BATCH) {
      const numbers = Array.from({ length: Math.min(BATCH, share - sent) }, (_, step) => index * share + sent + step)
      const batch = numbers.map(number => ({ topic, body: String(number).padStart(BODY_BYTES, '0') }))
      await producer.send(batch, { queue, timeoutMs: 10_000 })
    }
  }
  await Promise.all(queues.map(fillOne))
}
