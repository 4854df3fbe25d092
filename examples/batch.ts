// Many small messages in one request.
import { Producer, PushConsumer } from 'rocketwire'
import { runExample } from './support/run-example'

runExample(async ({ namesrvAddr, topic, group }) => {
  const producer = new Producer({ namesrvAddr, producerGroup: group, maxMessageSize: 100_000 })
  await producer.start()

  const small = Array.from({ length: 100 }, (_, i) => ({ topic, tags: 'small', body: `message ${i}` }))
  const whole = await producer.send(small)
  console.log(`100 small messages: ${whole.sendStatus}, ${whole.results === undefined ? 'one batch' : 'split'}`)

  // Above maxMessageSize a batch is sent in parts, one after another. Where one of them fails, a BatchError tells which
  // were sent before.
  const large = Array.from({ length: 10 }, () => ({ topic, tags: 'large', body: Buffer.alloc(30_000, 'x') }))
  const split = await producer.send(large)
  console.log(`10 large messages: ${split.sendStatus}, ${split.results?.length ?? 1} parts`)

  // A consumer may take several at a time, too.
  const consumer = new PushConsumer({
    namesrvAddr,
    consumerGroup: group,
    consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET',
  })
  const counts = { small: 0, large: 0 }
  let most = 0
  await new Promise<void>((resolve, reject) => {
    consumer.subscribe(topic).consume({ batchSize: 16 }, messages => {
      most = Math.max(most, messages.length)
      for (const { tags } of messages) counts[tags === 'small' ? 'small' : 'large']++
      if (counts.small + counts.large === small.length + large.length) resolve()
    })
    consumer.start().catch(reject)
  })
  await consumer.shutdown()
  await producer.shutdown()
  console.log(`received: ${counts.small} small, ${counts.large} large, up to ${most} at a time`)
})
