// What comes twice is handled once: orders that the shop sends again, and one that is tried again after a failure.
import { setTimeout as sleep } from 'node:timers/promises'
import { MemoryIdempotencyStore, Producer, PushConsumer, idempotent } from 'rocketwire'
import type { ConsumeConcurrentlyResult, MessageExt } from 'rocketwire'
import { runExample } from './support/run-example'

const ORDERS = ['order-1', 'order-2', 'order-3']

runExample(async ({ namesrvAddr, topic, group }) => {
  // For a group of several processes: RedisIdempotencyStore or SqlIdempotencyStore of rocketwire/stores.
  const store = new MemoryIdempotencyStore()
  const shipped: string[] = []
  const skipped: string[] = []

  async function ship(message: MessageExt): Promise<ConsumeConcurrentlyResult> {
    const [order = ''] = message.keys
    if (order === 'order-2' && message.reconsumeTimes === 0) {
      console.log(`${order} failed`)
      // To throw would do as well: the message would come again after 10 s. Level 1 is 1 s.
      return { status: 'RECONSUME_LATER', delayLevel: 1 }
    }
    shipped.push(order)
    return 'CONSUME_SUCCESS'
  }

  const consumer = new PushConsumer({
    namesrvAddr,
    consumerGroup: group,
    consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET',
  })
  consumer.subscribe(topic).consumeEach(
    idempotent(ship, {
      store,
      // The shop's own key: a message that is sent again has a new id.
      keyOf: message => message.keys[0],
      onDuplicate: message => skipped.push(message.text()),
    }),
  )
  await consumer.start()

  const producer = new Producer({ namesrvAddr, producerGroup: group })
  await producer.start()
  for (const attempt of [1, 2]) {
    for (const order of ORDERS) await producer.send({ topic, keys: order, body: `${order}, sent ${attempt}` })
    while (shipped.length < ORDERS.length || skipped.length < (attempt - 1) * ORDERS.length) await sleep(50)
  }
  await consumer.shutdown()
  await producer.shutdown()

  console.log(`shipped ${shipped.sort().join(', ')}`)
  console.log(`skipped '${skipped.sort().join(`', '`)}'`)
})
