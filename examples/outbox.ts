// Messages that no broker takes wait on the local disk, and are sent when brokers are back: also by the next process.
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Dialer, Producer, PushConsumer } from 'rocketwire'
import { runExample } from './support/run-example'

runExample(async ({ namesrvAddr, topic, group }) => {
  const directory = await mkdtemp(join(tmpdir(), 'outbox-'))
  const options = { namesrvAddr, producerGroup: group, outbox: { directory, afterMs: 200 } }

  // Stands for an outage: of all servers only the name server can be reached.
  const withoutBrokers: Dialer = async ({ host, port }) => {
    if (!namesrvAddr.includes(`:${port}`)) throw new Error('no way to brokers')
    return connect({ host, port, noDelay: true })
  }
  const cutOff = new Producer({ ...options, advanced: { dialer: withoutBrokers } })
  await cutOff.start()
  for (const body of ['ordered', 'paid', 'shipped']) {
    const { sendStatus } = await cutOff.send({ topic, shardingKey: 'order-1', body })
    console.log(`${body}: ${sendStatus}`)
  }
  console.log(`waiting on the disk: ${cutOff.stats().outbox?.spooled}`)
  await cutOff.shutdown()

  const consumer = new PushConsumer({
    namesrvAddr,
    consumerGroup: group,
    consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET',
  })
  const all = new Promise<void>(resolve => {
    consumer.subscribe(topic).consumeEach({ ordered: 'key' }, message => {
      console.log(`received: ${message.text()}`)
      if (message.text() === 'shipped') resolve()
    })
  })
  await consumer.start()

  // Another process, or the same later, with the same folder: brokers can be reached now.
  const producer = new Producer(options)
  await producer.start()
  await all
  await producer.shutdown()
  await consumer.shutdown()
  await rm(directory, { recursive: true })
})
