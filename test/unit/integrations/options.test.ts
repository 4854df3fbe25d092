import 'reflect-metadata'
import * as client from 'prom-client'
import { RocketMQClient, RocketMQServer } from '../../../lib/integrations/nestjs/index'
import { otelMetrics, startTracing } from '../../../lib/integrations/otel/index'
import { prometheusMetrics } from '../../../lib/integrations/prometheus/index'

const namesrvAddr = '127.0.0.1:9876'
const producer = { namesrvAddr, producerGroup: 'shop' }
const consumer = { namesrvAddr, consumerGroup: 'billing' }

// As a program without types, or with a spelling of its own, would give them.
const wrong: Readonly<Record<string, (misspelt: object) => unknown>> = {
  RocketMQServer: misspelt => new RocketMQServer({ consumer, ...misspelt }),
  RocketMQClient: misspelt => new RocketMQClient({ producer, ...misspelt }),
  startTracing: misspelt => startTracing(misspelt),
  otelMetrics: misspelt => otelMetrics(misspelt),
  prometheusMetrics: misspelt => prometheusMetrics({ client, register: new client.Registry(), ...misspelt }),
}

describe('options of bridges', () => {
  it.each(Object.entries(wrong))('of %s that do not exist are refused', (name, make) => {
    const says = expect.stringContaining(`the options of ${name}: there is no misspelt`) as string
    expect(() => make({ misspelt: 1 })).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT', message: says }))
    const made = make({})
    // Tracing would go on in the tests that this process runs later.
    if (typeof made === 'function') made()
  })
})
