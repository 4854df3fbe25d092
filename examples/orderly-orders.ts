// The steps of each order in their order, though orders are handled side by side.
import { Producer, PushConsumer } from 'rocketwire'
import { runExample } from './support/run-example'

const ORDERS = ['order-1', 'order-2', 'order-3']
const STEPS = ['created', 'paid', 'packed', 'shipped']

runExample(async ({ namesrvAddr, topic, group }) => {
  const consumer = new PushConsumer({
    namesrvAddr,
    consumerGroup: group,
    consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET',
    // After a failure the queue stands still for this long, then the same message comes again.
    suspendCurrentQueueTimeMs: 100,
  })
  const seen = new Map<string, string[]>(ORDERS.map(order => [order, []]))
  let failed = false
  const all = new Promise<void>(resolve => {
    consumer.subscribe(topic)
    // One listener call per queue at a time; another member of the group cannot have the queue meanwhile.
    consumer.consumeEach({ ordered: 'queue' }, message => {
      const order = message.shardingKey ?? ''
      if (order === 'order-2' && message.text() === 'paid' && !failed) {
        failed = true
        return 'SUSPEND_CURRENT_QUEUE_A_MOMENT'
      }
      seen.get(order)?.push(message.text())
      if ([...seen.values()].every(steps => steps.length === STEPS.length)) resolve()
      return 'SUCCESS'
    })
  })
  await consumer.start()

  const producer = new Producer({ namesrvAddr, producerGroup: group })
  await producer.start()
  for (const body of STEPS) {
    // Each order waits for its own answer, so that its steps are stored in their order.
    await Promise.all(ORDERS.map(shardingKey => producer.send({ topic, body }, { shardingKey })))
  }

  await all
  await consumer.shutdown()
  await producer.shutdown()
  for (const [order, steps] of seen) console.log(`${order}: ${steps.join(', ')}`)
  console.log(`one step failed once: ${failed}`)
})
