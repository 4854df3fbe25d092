import * as client from 'prom-client'
import { INSTRUMENTS, type MetricReading } from '../../../../lib/client/telemetry/metrics'
import { prometheusMetrics } from '../../../../lib/integrations/prometheus/index'

describe('prometheusMetrics', () => {
  it('reads each client once for all gauges, anew for each scrape', async () => {
    const register = new client.Registry()
    let reads = 0
    const stop = prometheusMetrics({ client, register }).observe(function* (): Iterable<MetricReading> {
      reads++
      yield { instrument: INSTRUMENTS.lag, value: reads, attributes: { 'rocketwire.group': 'g' } }
      yield { instrument: INSTRUMENTS.cached, value: 7, attributes: { 'rocketwire.group': 'g' } }
    })
    for (const scrape of [1, 2]) {
      const text = await register.metrics()
      expect(reads).toBe(scrape)
      expect(text).toContain(`rocketwire_consumer_lag{rocketwire_group="g"} ${scrape}`)
      expect(text).toContain('rocketwire_consumer_cached_messages{rocketwire_group="g"} 7')
    }
    stop()
    expect(await register.metrics()).not.toContain('rocketwire_group="g"')
    expect(reads).toBe(2)
  })
})
