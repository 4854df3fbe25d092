// How far behind a consumer is: asked for, and told by itself when that is more than wanted.
import { Producer, PushConsumer } from 'rocketwire'
import { runExample } from './support/run-example'

runExample(async ({ namesrvAddr, topic, group }) => {
  const producer = new Producer({ namesrvAddr, producerGroup: group })
  await producer.start()
  for (let n = 0; n < 8; n++) await producer.send({ topic, body: `order ${n}` })
  await producer.shutdown()

  const consumer = new PushConsumer({
    namesrvAddr,
    consumerGroup: group,
    consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET',
    // Ages are in ms, and there are limits for each queue, too: `perQueue: { messages, ageMs }`.
    lagThresholds: { total: { messages: 5, ageMs: 600_000 }, checkIntervalMs: 200 },
  })
  let open = (): void => undefined
  const shopOpens = new Promise<void>(resolve => (open = resolve))
  consumer.subscribe(topic)
  consumer.consumeEach(() => shopOpens)

  const recovered = new Promise<void>(resolve => {
    consumer.on('lag', ({ status, measure, value, threshold }) => {
      console.log(`${status}: ${measure} ${value}, threshold ${threshold}`)
      if (status === 'EXCEEDED') open()
      else resolve()
    })
  })
  await consumer.start()

  const { messages, queues } = await consumer.lag()
  console.log(`behind: ${messages} messages in ${queues.filter(queue => queue.messages > 0).length} queues`)
  await recovered
  console.log(`behind at last: ${(await consumer.lag()).messages} messages`)
  await consumer.shutdown()
})
