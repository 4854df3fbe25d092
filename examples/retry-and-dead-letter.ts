// A message that cannot be handled comes again, and in the end stands among the dead letters.
import { setTimeout as sleep } from 'node:timers/promises'
import { AdminClient, Producer, PushConsumer } from 'rocketwire'
import { runExample } from './support/run-example'

runExample(async ({ namesrvAddr, topic, group }) => {
  const consumer = new PushConsumer({
    namesrvAddr,
    consumerGroup: group,
    consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET',
    // Handed out once and twice again; the default is 16 times.
    maxReconsumeTimes: 2,
  })
  const tries: number[] = []
  const lastTry = new Promise<void>(resolve => {
    consumer.subscribe(topic).consumeEach(message => {
      if (message.text() !== 'broken') return 'CONSUME_SUCCESS'
      tries.push(message.reconsumeTimes)
      console.log(`try ${tries.length} of '${message.text()}'`)
      if (message.reconsumeTimes === 2) resolve()
      // To throw would do as well: the broker then chooses the delay, 10 s for the first one. Level 1 is 1 s.
      return { status: 'RECONSUME_LATER', delayLevel: 1 }
    })
  })
  await consumer.start()

  const producer = new Producer({ namesrvAddr, producerGroup: group })
  await producer.start()
  await producer.send({ topic, body: 'fine' })
  await producer.send({ topic, keys: 'order-1', body: 'broken' })
  await lastTry
  await consumer.shutdown()
  await producer.shutdown()

  // Dead letters are messages of a topic like any other.
  const deadLetters = `%DLQ%${group}`
  await topicExists(namesrvAddr, deadLetters)
  const reader = new PushConsumer({
    namesrvAddr,
    consumerGroup: `${group}-dead`,
    consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET',
  })
  await new Promise<void>((resolve, reject) => {
    reader.subscribe(deadLetters).consumeEach(message => {
      const { RETRY_TOPIC: from } = message.properties
      console.log(
        `dead letter: '${message.text()}' of ${from === topic ? 'our topic' : from}, key ${message.keys.join()}`,
      )
      resolve()
    })
    reader.start().catch(reject)
  })
  await reader.shutdown()
})

/** The broker makes the topic of a group's dead letters with the first of them. */
async function topicExists(namesrvAddr: string, topic: string): Promise<void> {
  const admin = new AdminClient({ namesrvAddr })
  await admin.start()
  while (!(await admin.topics()).includes(topic)) await sleep(50)
  await admin.shutdown()
}
