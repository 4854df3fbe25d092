// Asks for messages at its own pace: iterates over batches, commits, goes on after a restart, and seeks.
import { LitePullConsumer, Producer } from 'rocketwire'
import { runExample } from './support/run-example'

const WAIT_MS = 10_000

runExample(async ({ namesrvAddr, topic, group }) => {
  const producer = new Producer({ namesrvAddr, producerGroup: group })
  await producer.start()
  // One sharding key, so that all are in one queue, in this order.
  for (let n = 1; n <= 6; n++) await producer.send({ topic, body: `order ${n}` }, { shardingKey: 'one' })
  await producer.shutdown()

  const options = {
    namesrvAddr,
    consumerGroup: group,
    consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET',
    autoCommit: false,
    // Ten are the default; one is enough to see it stop in the middle.
    pullBatchSize: 1,
  } as const

  const first = new LitePullConsumer(options).subscribe(topic)
  await first.start()
  let handled = 0
  for await (const messages of first) {
    for (const message of messages) console.log(`first member: ${message.text()}`)
    // All that was returned is handled; brokers know it when this has resolved.
    await first.commit()
    handled += messages.length
    if (handled === 4) break
  }
  await first.shutdown()

  // Goes on where the group is.
  const second = new LitePullConsumer(options).subscribe(topic)
  await second.start()
  const [fifth] = await second.poll({ timeoutMs: WAIT_MS })
  console.log(`second member: ${fifth?.text()}`)

  const queue = second.assignment().find(({ queueId }) => queueId === fifth?.queueId)
  if (queue === undefined) throw new Error('the queue of what was polled is assigned')
  await second.seekToBegin(queue)
  const [again] = await second.poll({ timeoutMs: WAIT_MS })
  console.log(`after the seek: ${again?.text()}`)
  await second.shutdown()
})
