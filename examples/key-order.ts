// The steps of each order in their order, and no order waits for another one, though all share one queue.
import { Producer, PushConsumer } from 'rocketwire'
import { runExample } from './support/run-example'

const ORDERS = ['order-1', 'order-2', 'order-3']
const STEPS = ['created', 'paid', 'packed', 'shipped']

runExample(async ({ namesrvAddr, topic, group }) => {
  const consumer = new PushConsumer({
    namesrvAddr,
    consumerGroup: group,
    consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET',
    // After a failure the order stands still for this long, then the same step comes again.
    suspendCurrentQueueTimeMs: 2000,
    // After so many further tries the step goes to the dead letters, and the order goes on without it.
    maxReconsumeTimes: 2,
  })
  const seen: string[] = []
  const all = new Promise<void>(resolve => {
    consumer.subscribe(topic)
    consumer.consumeEach({ ordered: 'key', concurrency: 10 }, message => {
      const step = `${message.shardingKey ?? ''}: ${message.text()}`
      seen.push(step)
      if (step === 'order-2: paid') throw new Error('the bank says no')
      if (ORDERS.every(order => seen.includes(`${order}: shipped`))) resolve()
    })
  })
  consumer.on('listenerError', (error, [message]) => {
    console.log(`order-2 ${message?.text() ?? ''}, try ${(message?.reconsumeTimes ?? 0) + 1}: ${error.message}`)
  })
  await consumer.start()

  const producer = new Producer({ namesrvAddr, producerGroup: group })
  await producer.start()
  const [queue] = await producer.publishMessageQueues(topic)
  if (queue === undefined) throw new Error(`${topic} has no queue`)
  for (const body of STEPS) {
    // With a sharding key alone, the key would choose the queue; here all of them share one.
    for (const shardingKey of ORDERS) await producer.send({ topic, body, shardingKey }, { queue })
  }

  await all
  await consumer.shutdown()
  await producer.shutdown()
  for (const order of ORDERS) console.log(seen.filter(step => step.startsWith(order)).join(', '))
  const waited = seen.indexOf('order-3: shipped') > seen.lastIndexOf('order-2: paid')
  console.log(`order-3 waited for order-2: ${waited}`)
})
