import { systemClock } from '../../../lib/runtime/clock'
import { loadLibrary } from '../../drivers/load-library'
import { startStopwatch } from '../../drivers/rounds'
import type { Costs, GrowthSubject, Surroundings } from '../growth-subject'

/** A fifth of what is usual, so that what happens in it comes five times as often. */
const INTERVAL_MS = 6000
const INTERVALS = 3
/** In so many parts of an interval it is counted what is asked: a second of the usual interval. */
const PARTS = 30

/** A push consumer of many topics with one queue each. */
export const topics: GrowthSubject = {
  sizes: [1, 10, 100, 500, 2000],
  curves: {
    'topics-start': { title: 'topics per client: time of its start', unit: 'ms', of: 'all' },
    'topics-heartbeat': { title: 'topics per client: a heartbeat', unit: 'bytes', of: 'all' },
    'topics-polls': { title: 'topics per client: routes asked for in an interval', unit: 'requests', of: 'all' },
    'topics-bunch': { title: 'topics per client: most requests in 1/30 of an interval', unit: 'requests', of: 'all' },
    'topics-idle': { title: 'topics per client: CPU of a second without messages', unit: 'ms', of: 'all' },
  },
  open: async surroundings => size => measure(surroundings, size),
}

async function measure({ namesrvAddr, library }: Surroundings, size: number): Promise<Costs> {
  const { AdminClient, PushConsumer } = loadLibrary(library)
  const names = Array.from({ length: size }, (_, i) => `Topics-${size}-${i}`)
  const admin = new AdminClient({ namesrvAddr })
  await admin.start()
  for (const topic of names) await admin.createTopic({ topic, readQueueNums: 1, writeQueueNums: 1 })
  await admin.shutdown()
  const asked = new Asked()
  const consumer = new PushConsumer({
    namesrvAddr,
    consumerGroup: `topics-${size}`,
    pollNameServerIntervalMs: INTERVAL_MS,
    heartbeatBrokerIntervalMs: INTERVAL_MS,
    rpcInterceptors: [
      (context, next) => {
        asked.note(context)
        return next()
      },
    ],
  })
  for (const topic of names) consumer.subscribe(topic)
  consumer.consume(() => undefined)
  const startedAt = systemClock.monotonic()
  await consumer.start({ timeoutMs: 60_000 })
  const startMs = systemClock.monotonic() - startedAt
  // What follows a start is over.
  await systemClock.sleep(INTERVAL_MS)
  asked.begin()
  const stop = startStopwatch()
  await systemClock.sleep(INTERVALS * INTERVAL_MS)
  const { cpuMicros, seconds } = stop()
  await consumer.shutdown()
  return {
    'topics-start': startMs,
    'topics-heartbeat': asked.heartbeatBytes,
    'topics-polls': asked.count('GET_ROUTEINFO_BY_TOPIC') / INTERVALS,
    'topics-bunch': asked.most(),
    'topics-idle': cpuMicros / 1000 / seconds,
  }
}

/** The requests of a client, by the part of an interval that they left in. Pulls are parked by the broker, and no polls. */
class Asked {
  #startedAt = systemClock.monotonic()
  #parts = new Map<number, number>()
  #byCommand = new Map<string, number>()
  heartbeatBytes = 0

  begin(): void {
    this.#startedAt = systemClock.monotonic()
    this.#parts = new Map()
    this.#byCommand = new Map()
  }

  note({ command, bodyBytes }: { command: string; bodyBytes: number }): void {
    if (command === 'HEART_BEAT') this.heartbeatBytes = bodyBytes
    if (command === 'PULL_MESSAGE') return
    const part = Math.floor(((systemClock.monotonic() - this.#startedAt) * PARTS) / INTERVAL_MS)
    this.#parts.set(part, (this.#parts.get(part) ?? 0) + 1)
    this.#byCommand.set(command, this.count(command) + 1)
  }

  count(command: string): number {
    return this.#byCommand.get(command) ?? 0
  }

  most(): number {
    return Math.max(1, ...this.#parts.values())
  }
}
