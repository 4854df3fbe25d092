// Receives the messages of two tags.
import { Producer, PushConsumer, type MessageExt } from 'rocketwire'
import { runExample } from './support/run-example'

const WANTED = 4

runExample(async ({ namesrvAddr, topic, group }) => {
  const consumer = new PushConsumer({
    namesrvAddr,
    consumerGroup: group,
    consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET',
  })
  // Errors of the background: nothing is thrown into the void, and nothing stops because of them.
  consumer.on('backgroundError', error => console.error(error.message))

  const kept: MessageExt[] = []
  const all = new Promise<void>(resolve => {
    consumer.subscribe(topic, 'paid || refunded')
    consumer.consumeEach({ concurrency: 4 }, async message => {
      // A listener that ends without an error has handled its message; one that throws gets it again later.
      await store(message)
      // A message is a view over what came from the broker, shared with others: what is kept is copied.
      kept.push(message.copy())
      if (kept.length === WANTED) resolve()
    })
  })
  await consumer.start()

  const producer = new Producer({ namesrvAddr, producerGroup: group })
  await producer.start()
  for (const [tags, sum] of [
    ['paid', 10],
    ['opened', 20],
    ['refunded', 30],
    ['paid', 40],
    ['paid', 50],
  ] as const) {
    await producer.send({ topic, tags, body: JSON.stringify({ sum }) })
  }

  await all
  // Waits for listeners that run, then commits what they have done.
  await consumer.shutdown()
  await producer.shutdown()

  const lines = kept.map(message => `${message.tags}: ${message.json<{ sum: number }>().sum}`)
  console.log(lines.sort().join('\n'))
})

async function store(message: MessageExt): Promise<void> {
  await Promise.resolve(message.queueOffset)
}
