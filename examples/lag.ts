// How far behind a consumer is: asked for, and told by itself when that is more than wanted.
import { type LagAlarm, Producer, PushConsumer } from 'rocketwire'
import { runExample } from './support/run-example'

const TOTAL = 8

runExample(async ({ namesrvAddr, topic, group }) => {
  const producer = new Producer({ namesrvAddr, producerGroup: group })
  await producer.start()
  for (let n = 0; n < TOTAL; n++) await producer.send({ topic, body: `order ${n}` })
  await producer.shutdown()

  const consumer = new PushConsumer({
    namesrvAddr,
    consumerGroup: group,
    consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET',
    // Ages are in ms, and there are limits for each queue, too: `perQueue: { messages, ageMs }`.
    lagThresholds: { total: { messages: 5, ageMs: 600_000 }, checkIntervalMs: 200 },
  })
  let open = (): void => undefined
  const shopOpens = new Promise<void>(resolve => (open = resolve))
  consumer.subscribe(topic)
  consumer.consumeEach(() => shopOpens)

  const alarm = (wanted: 'EXCEEDED' | 'RECOVERED'): Promise<LagAlarm> =>
    new Promise(resolve => consumer.on('lag', told => told.status === wanted && resolve(told)))
  const [exceeded, recovered] = [alarm('EXCEEDED'), alarm('RECOVERED')]
  await consumer.start()

  // A broker shows a message to readers a moment after it has acknowledged it.
  let behind = await consumer.lag()
  while (behind.messages < TOTAL) behind = await consumer.lag()
  console.log(
    `behind: ${behind.messages} messages in ${behind.queues.filter(queue => queue.messages > 0).length} queues`,
  )

  const { measure, threshold } = await exceeded
  console.log(`EXCEEDED: more than ${threshold} ${measure}`)
  open()
  console.log(`${(await recovered).status}: ${measure}`)
  await consumer.shutdown()
})
