// Two members that share all queues: the broker says that the topic is popped. Brokers from 5.0.
import { AdminClient, Producer, PushConsumer } from 'rocketwire'
import { runExample } from './support/run-example'

const TOTAL = 20

runExample(async ({ namesrvAddr, topic, group }) => {
  const admin = new AdminClient({ namesrvAddr })
  await admin.start()
  // A setting of the broker, by topic and group: without it members pull queues of their own.
  await admin.setMessageRequestMode(topic, group, 'POP')
  await admin.shutdown()

  const seen: string[] = []
  let finish: () => void = () => undefined
  const all = new Promise<void>(resolve => (finish = resolve))
  const members = ['first', 'second'].map(instanceName => {
    const consumer = new PushConsumer({
      namesrvAddr,
      consumerGroup: group,
      clientRebalance: false,
      consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET',
      popBatchNums: 2,
      advanced: { instanceName },
    })
    consumer.subscribe(topic)
    consumer.consumeEach(message => {
      seen.push(message.text())
      if (seen.length === TOTAL) finish()
    })
    return consumer
  })
  for (const member of members) await member.start()
  for (const member of members) {
    const { popQueues } = member.stats()
    console.log(`pops: ${popQueues.map(({ queue }) => `queue ${queue.queueId}`).join()}`)
  }

  const producer = new Producer({ namesrvAddr, producerGroup: group })
  await producer.start()
  for (let n = 1; n <= TOTAL; n++) await producer.send({ topic, body: `${n}` })
  await producer.shutdown()

  await all
  for (const member of members) await member.shutdown()
  console.log(`handled ${new Set(seen).size} of ${TOTAL}`)
})
