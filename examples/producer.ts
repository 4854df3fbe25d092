// Every way to send a message.
import { Producer, selectByHash, type MessageQueue, type MessageQueueSelector, type SendResult } from 'rocketwire'
import { runExample } from './support/run-example'

const byNumber: MessageQueueSelector = (queues, _message, arg) => queues[Number(arg) % queues.length] as MessageQueue

runExample(async ({ namesrvAddr, topic, group }) => {
  const producer = new Producer({ namesrvAddr, producerGroup: group })
  await producer.start()

  // The promise is the broker's answer. A failed try is repeated on other brokers within sendTimeoutMs.
  const result = await producer.send({
    topic,
    tags: 'paid',
    keys: ['order-1'],
    properties: { region: 'eu' },
    body: JSON.stringify({ id: 1, sum: '12.50' }),
  })
  console.log(`send: ${result.sendStatus}`)

  // Text in another encoding, bytes as they are.
  await producer.send({ topic, body: '订单', encoding: 'gbk' })
  await producer.send({ topic, body: Buffer.from([1, 2, 3]) })
  console.log('text in GBK and bytes: sent')

  // As Java's callback form: fails at once instead of waiting where too much is in flight.
  await new Promise<void>(resolve => {
    producer.sendAsync({ topic, body: 'by callback' }, (error, answer) => {
      console.log(`sendAsync: ${error === undefined ? answer?.sendStatus : error.message}`)
      resolve()
    })
  })

  // Resolves when the bytes have left; nothing tells whether the broker has stored them.
  await producer.sendOneway({ topic, body: 'a sample' })
  console.log('sendOneway: left')

  // Several messages of one topic in one request.
  const batch = await producer.send(['a', 'b', 'c'].map(body => ({ topic, body })))
  console.log(`batch: ${batch.msgId.split(',').length} messages, ${batch.sendStatus}`)

  // To one queue.
  const queues = await producer.publishMessageQueues(topic)
  const queue = queues.find(({ queueId }) => queueId === 2)
  if (queue !== undefined) {
    const { messageQueue } = await producer.send({ topic, body: 'to queue 2' }, { queue })
    console.log(`queue: ${messageQueue.queueId}`)
  }

  // To a queue of one's own choice, by a function or by one that comes with the package.
  const chosen = await producer.send({ topic, body: 'chosen' }, { selector: byNumber, arg: 7 })
  console.log(`selector: ${chosen.messageQueue.queueId}`)
  const hashed = await producer.send({ topic, body: 'as Java hashes' }, { selector: selectByHash, arg: 'customer-5' })
  console.log(`selectByHash: ${hashed.sendStatus}`)

  // Messages with one sharding key go to one queue, so that an orderly consumer gets them in order.
  const results: SendResult[] = []
  for (const body of ['created', 'paid', 'shipped']) {
    results.push(await producer.send({ topic, body }, { shardingKey: 'order-1' }))
  }
  console.log(`sharding key: ${new Set(results.map(({ messageQueue }) => messageQueue.queueId)).size} queue`)

  await producer.shutdown()
})
