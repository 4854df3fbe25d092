// Messages that are delivered later.
import { Producer, PushConsumer } from 'rocketwire'
import { runExample } from './support/run-example'

runExample(async ({ namesrvAddr, topic, group }) => {
  const consumer = new PushConsumer({
    namesrvAddr,
    consumerGroup: group,
    consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET',
  })
  const arrivals: { text: string; afterMs: number }[] = []
  const both = new Promise<void>(resolve => {
    consumer.subscribe(topic).consumeEach(message => {
      arrivals.push({ text: message.text(), afterMs: Date.now() - message.bornTimestamp })
      if (arrivals.length === 2) resolve()
    })
  })
  await consumer.start()

  const producer = new Producer({ namesrvAddr, producerGroup: group })
  await producer.start()
  // Level 1 of the broker's messageDelayLevel is 1 s. Brokers from 5.0 also take any time: delayMs or deliverAt.
  await producer.send({ topic, body: 'remind me', delayTimeLevel: 1 })
  await producer.send({ topic, body: 'at once' })

  await both
  await consumer.shutdown()
  await producer.shutdown()
  for (const { text, afterMs } of arrivals) console.log(`${text}: ${afterMs >= 900 ? 'a second later' : 'at once'}`)
})
