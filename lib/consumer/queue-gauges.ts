import type { MetricReading } from '../client/telemetry/metrics'
import type { MessageQueue } from '../model/message-queue'

/** What is told of a queue; of a popped one the lag is not known. */
interface ToldQueue {
  readonly queue: MessageQueue
  readonly cached: number
  readonly cachedBytes?: number
  readonly lag?: number
}

type Gauge = 'cached' | 'cachedBytes' | 'lag'

/** Sums over the queues of each topic: a series for each queue would be too many. */
export function queueGauges(
  queues: readonly ToldQueue[],
  reading: (name: Gauge, value: number, topic: string) => MetricReading,
): MetricReading[] {
  const topics = new Map<string, ToldQueue[]>()
  for (const told of queues) {
    const of = topics.get(told.queue.topic)
    if (of === undefined) topics.set(told.queue.topic, [told])
    else of.push(told)
  }
  return Array.from(topics).flatMap(([topic, told]) =>
    (['cached', 'cachedBytes', 'lag'] as const).flatMap(name => {
      const known = told.flatMap(each => each[name] ?? [])
      const sum = known.reduce((total, value) => total + value, 0)
      return known.length === 0 ? [] : [reading(name, sum, topic)]
    }),
  )
}
