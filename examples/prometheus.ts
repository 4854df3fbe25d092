// Metrics of a producer and a consumer in the registry of prom-client, as a scrape gets them.
import client from 'prom-client'
import { Producer, PushConsumer } from 'rocketwire'
import { prometheusMetrics } from 'rocketwire/prometheus'
import { runExample } from './support/run-example'

// One recorder for all clients. A program serves `await client.register.metrics()` under /metrics.
const metrics = prometheusMetrics({ client })

runExample(async ({ namesrvAddr, topic, group }) => {
  const producer = new Producer({ namesrvAddr, producerGroup: group, metrics })
  await producer.start()
  for (const body of ['order 1', 'order 2', 'order 3']) await producer.send({ topic, body })

  const consumer = new PushConsumer({
    namesrvAddr,
    consumerGroup: group,
    consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET',
    metrics,
  })
  let handled = 0
  const all = new Promise<void>(resolve => {
    consumer.subscribe(topic)
    consumer.consumeEach(() => {
      if (++handled === 3) resolve()
    })
  })
  await consumer.start()
  await all
  await consumer.shutdown()
  await producer.shutdown()

  const scrape = await client.register.metrics()
  for (const line of scrape.split('\n')) {
    // How often progress was committed is a matter of time.
    if (line.includes('operation_name="commit"')) continue
    if (/^messaging_.*(_total|_count)\{/.test(line)) console.log(line.replace(/\{.*\}/, ''))
  }
})
