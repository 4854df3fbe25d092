// How fast a listener is given messages: a limit in messages a second, and as many calls at a time as are of use.
import { Producer, PushConsumer } from 'rocketwire'
import { runExample } from './support/run-example'

const ORDERS = 60

runExample(async ({ namesrvAddr, topic, group }) => {
  const producer = new Producer({ namesrvAddr, producerGroup: group })
  await producer.start()
  await Promise.all(Array.from({ length: ORDERS }, (_, n) => producer.send({ topic, body: `order ${n}` })))
  await producer.shutdown()

  const consumer = new PushConsumer({
    namesrvAddr,
    consumerGroup: group,
    consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET',
  })
  let handled = 0
  const begin = performance.now()
  const all = new Promise<void>(resolve => {
    consumer.subscribe(topic)
    consumer.consumeEach({ concurrency: { min: 2, max: 50 }, rateLimit: { perSecond: 100, burst: 10 } }, () => {
      if (++handled === ORDERS) resolve()
    })
  })
  await consumer.start()
  const { concurrency, rateLimit } = consumer.stats()
  console.log(`calls at a time: ${concurrency?.min} to ${concurrency?.max}, messages a second: ${rateLimit?.perSecond}`)
  await all
  // 10 at once, and 50 at 100 a second.
  console.log(`${handled} messages took half a second at least: ${performance.now() - begin >= 490}`)

  // Both may be changed at any time; without a limit:
  consumer.updateRateLimit(undefined)
  consumer.updateConcurrency(8)
  console.log(`calls at a time: ${consumer.stats().concurrency?.limit}`)
  await consumer.shutdown()
})
