/** The quickstart as a program of its own; a test runs it and compares what it prints with what the command prints. */
export const QUICKSTART_SCRIPT = `
import { Producer, PushConsumer } from 'rocketwire'
import { Emulator } from 'rocketwire/emulator'

async function main(): Promise<void> {
  const topic = 'Quickstart'
  // RocketMQ in this process. On a cluster, namesrvAddr is all that differs: '127.0.0.1:9876'.
  const emulator = await Emulator.start({ topics: { [topic]: 4 } })
  const { namesrvAddr } = emulator

  const consumer = new PushConsumer({ namesrvAddr, consumerGroup: 'quickstart-readers' })
  const received = new Promise<void>(resolve => {
    let left = 10
    consumer.subscribe(topic).consumeEach(message => {
      console.log(message.tags, message.text())
      if (--left === 0) resolve()
    })
  })
  await consumer.start()

  const producer = new Producer({ namesrvAddr, producerGroup: 'quickstart' })
  await producer.start()
  await producer.send({ topic, tags: 'send', body: '你好, RocketMQ' })
  await producer.send(['one', 'two', 'three'].map(body => ({ topic, tags: 'batch', body })))
  await new Promise<void>((resolve, reject) => {
    const message = { topic, tags: 'async', body: 'answered by callback' }
    producer.sendAsync(message, error => (error ? reject(error) : resolve()))
  })
  await producer.sendOneway({ topic, tags: 'oneway', body: 'no answer wanted' })
  for (const body of ['created', 'paid', 'shipped']) {
    await producer.send({ topic, tags: 'ordered', body }, { shardingKey: 'order-7' })
  }
  await producer.send({ topic, tags: 'delayed', body: 'one second later', delayTimeLevel: 1 })

  await received
  await consumer.shutdown()
  await producer.shutdown()
  await emulator.shutdown()
}

void main()
`.trimStart()
