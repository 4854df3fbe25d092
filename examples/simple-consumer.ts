// Takes messages one by one (POP), acknowledges what it has handled, and gets the rest again. Brokers from 5.0.
import { type MessageExt, Producer, SimpleConsumer } from 'rocketwire'
import { runExample } from './support/run-example'

runExample(async ({ namesrvAddr, topic, group }) => {
  const producer = new Producer({ namesrvAddr, producerGroup: group })
  await producer.start()
  for (const body of ['one', 'two', 'three']) await producer.send({ topic, body })
  await producer.shutdown()

  const consumer = new SimpleConsumer({
    namesrvAddr,
    consumerGroup: group,
    consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET',
  })
  consumer.subscribe(topic)
  await consumer.start()

  let done = 0
  while (done < 3) {
    // Nobody else sees these messages for 20 s.
    const messages = await consumer.receive({ maxMessages: 8, invisibleDurationMs: 20_000 })
    const handled: MessageExt[] = []
    for (const message of messages) {
      if (message.text() === 'two' && message.reconsumeTimes === 0) {
        console.log('two: not now')
        // Without this it would come again after the 20 s.
        await consumer.changeInvisibleDuration(message, 1000)
      } else handled.push(message)
    }
    // All that share a broker in one request.
    await consumer.ack(handled)
    done += handled.length
  }

  const { received, acknowledged } = consumer.stats()
  console.log(`received ${received}, acknowledged ${acknowledged}`)
  await consumer.shutdown()
})
