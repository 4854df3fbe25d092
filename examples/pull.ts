// Reads the queues of a topic at offsets of its own, and keeps these on the brokers.
import { Producer, PullConsumer } from 'rocketwire'
import { runExample } from './support/run-example'

const TOTAL = 8

runExample(async ({ namesrvAddr, topic, group }) => {
  const producer = new Producer({ namesrvAddr, producerGroup: group })
  await producer.start()
  // By queue: the offset behind the last message that was sent to it.
  const ends = new Map<number, number>()
  for (let n = 1; n <= TOTAL; n++) {
    const sent = await producer.send({ topic, tags: n % 2 === 0 ? 'even' : 'odd', body: `${n}` })
    ends.set(sent.messageQueue.queueId, sent.queueOffset + 1)
  }
  await producer.shutdown()

  const consumer = new PullConsumer({ namesrvAddr, consumerGroup: group })
  await consumer.start()
  const queues = await consumer.fetchMessageQueues(topic)
  const even: string[] = []
  for (const queue of queues) {
    // Not `maxOffset`: a broker shows a message to readers a moment after it has acknowledged it.
    const end = ends.get(queue.queueId) ?? 0
    let offset = (await consumer.fetchConsumeOffset(queue)) ?? 0
    while (offset < end) {
      const result = await consumer.pullBlockIfNotFound(queue, { offset, maxNums: 32, expression: 'even' })
      even.push(...result.messages.map(message => message.text()))
      offset = result.nextBeginOffset
    }
    // The offset of the next message; nothing is committed by itself.
    await consumer.updateConsumeOffset(queue, offset)
  }
  console.log(`even: ${even.sort().join(' ')}`)

  const offsets = await Promise.all(queues.map(queue => consumer.fetchConsumeOffset(queue)))
  console.log(`read: ${offsets.reduce<number>((sum, offset) => sum + (offset ?? 0), 0)} of ${TOTAL}`)
  await consumer.shutdown()
})
