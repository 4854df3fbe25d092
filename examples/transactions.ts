// A message that is sent if, and only if, a local transaction is committed.
import { PushConsumer, TransactionProducer } from 'rocketwire'
import { runExample } from './support/run-example'

runExample(async ({ namesrvAddr, topic, group }) => {
  // What a database would hold: written in the transaction, under the transaction's id, and looked up by checks.
  const orders = new Map<string, number>()

  const producer = new TransactionProducer({
    namesrvAddr,
    producerGroup: group,
    transactionListener: {
      executeLocalTransaction: async (_message, amount, { transactionId }) => {
        if (typeof amount !== 'number' || amount > 100) return 'ROLLBACK_MESSAGE'
        orders.set(transactionId, amount)
        return 'COMMIT_MESSAGE'
      },
      // Asked, of any producer of the group, where the broker has not heard of the end.
      checkLocalTransaction: async message =>
        orders.has(message.transactionId ?? '') ? 'COMMIT_MESSAGE' : 'ROLLBACK_MESSAGE',
    },
  })
  await producer.start()

  const consumer = new PushConsumer({
    namesrvAddr,
    consumerGroup: group,
    consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET',
  })
  const paid = new Promise<string>(resolve => {
    consumer.subscribe(topic).consumeEach(message => resolve(message.text()))
  })
  await consumer.start()

  for (const [body, amount] of [
    ['too much', 500],
    ['paid', 50],
  ] as const) {
    const result = await producer.sendInTransaction({ topic, body }, amount)
    console.log(`${body}: ${result.localTransactionState}`)
  }
  console.log(`consumed: ${await paid}`)
  await consumer.shutdown()
  await producer.shutdown()
})
