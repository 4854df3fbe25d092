// Requests that a consumer replies to.
import { Producer, PushConsumer } from 'rocketwire'
import { runExample } from './support/run-example'

runExample(async ({ namesrvAddr, topic, group }) => {
  const replying = new Producer({ namesrvAddr, producerGroup: `${group}-replying` })
  await replying.start()
  const consumer = new PushConsumer({
    namesrvAddr,
    consumerGroup: group,
    consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET',
  })
  consumer.subscribe(topic).consumeEach(async request => {
    await replying.reply(request, `${request.text()} cost 5`)
  })
  await consumer.start()

  const asking = new Producer({ namesrvAddr, producerGroup: `${group}-asking` })
  await asking.start()
  const fruit = ['apples', 'pears']
  // Several at a time: each gets its own reply.
  const replies = await Promise.all(fruit.map(body => asking.request({ topic, body }, { timeoutMs: 20_000 })))
  for (const reply of replies) console.log(reply.text())

  await asking.shutdown()
  await consumer.shutdown()
  await replying.shutdown()
})
