// Two groups read one topic: each gets only the messages whose properties its condition is true of. Brokers filter.
import { MessageSelector, Producer, PushConsumer, RocketMQError } from 'rocketwire'
import { runExample } from './support/run-example'

const ORDERS = [
  { body: 'a pen', amount: '2', region: 'eu' },
  { body: 'a chair', amount: '80', region: 'us' },
  { body: 'a desk', amount: '250', region: 'eu' },
  { body: 'a house', amount: 'on request', region: 'eu' },
  { body: 'a gift', region: 'us' },
]

runExample(async ({ namesrvAddr, topic, group }) => {
  const producer = new Producer({ namesrvAddr, producerGroup: group })
  await producer.start()
  for (const { body, ...properties } of ORDERS) await producer.send({ topic, body, properties })

  // What is compared with a number has to be one: neither the house nor the gift is large, or not large.
  const conditions = { large: 'amount > 50', european: "region = 'eu' AND amount IS NOT NULL" }
  for (const [name, condition] of Object.entries(conditions)) {
    const consumer = new PushConsumer({
      namesrvAddr,
      consumerGroup: `${group}-${name}`,
      consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET',
    })
    const expected = name === 'large' ? 2 : 3
    const received: string[] = []
    const all = new Promise<void>(resolve => {
      consumer.subscribe(topic, { sql92: condition }).consumeEach(message => {
        if (received.push(message.text()) === expected) resolve()
      })
    })
    await consumer.start()
    await all
    await consumer.shutdown()
    console.log(`${name}: ${received.sort().join(', ')}`)
  }

  const wrong = new PushConsumer({ namesrvAddr, consumerGroup: `${group}-wrong` })
  wrong.subscribe(topic, MessageSelector.bySql('amount >')).consume(() => undefined)
  await wrong.start().catch((error: unknown) => {
    if (RocketMQError.is(error)) console.log(`a wrong condition: ${error.code}`)
  })
  await wrong.shutdown()
  await producer.shutdown()
})
