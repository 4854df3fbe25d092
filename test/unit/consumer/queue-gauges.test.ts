import type { MetricReading } from '../../../lib/client/telemetry/metrics'
import { queueGauges } from '../../../lib/consumer/queue-gauges'

const queue = (topic: string, queueId: number) => ({ topic, brokerName: 'b', queueId })
const reading = (name: string, value: number, topic: string): MetricReading =>
  ({ value, attributes: { of: `${name} ${topic}` } }) as unknown as MetricReading

describe('gauges of queues', () => {
  it('are sums for each topic; the lag of what is popped is not known', () => {
    const readings = queueGauges(
      [
        { queue: queue('T', 0), cached: 1, cachedBytes: 10, lag: 5 },
        { queue: queue('U', 0), cached: 7 },
        { queue: queue('T', 1), cached: 2, cachedBytes: 20, lag: 0 },
      ],
      reading,
    )
    expect(readings.map(({ value, attributes }) => [attributes['of'], value])).toEqual([
      ['cached T', 3],
      ['cachedBytes T', 30],
      ['lag T', 5],
      ['cached U', 7],
    ])
  })
})
