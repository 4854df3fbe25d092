// Every member of a broadcasting group gets every message.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Producer, PushConsumer } from 'rocketwire'
import { runExample } from './support/run-example'

const MESSAGES = ['reload prices', 'reload stock', 'clear cache']

runExample(async ({ namesrvAddr, topic, group }) => {
  // Progress is kept in a file of this host, by default below ~/.rocketmq_offsets.
  const localOffsetStoreDir = await mkdtemp(join(tmpdir(), 'rocketwire-example-'))
  const received = new Map<string, string[]>()
  const everybodyHasAll = new Promise<void>(resolve => {
    for (const screen of ['screen-1', 'screen-2']) received.set(screen, [])
    onEach = () => {
      if ([...received.values()].every(texts => texts.length === MESSAGES.length)) resolve()
    }
  })

  const consumers = Array.from(received, ([screen, texts]) => {
    const consumer = new PushConsumer({
      namesrvAddr,
      consumerGroup: group,
      messageModel: 'BROADCASTING',
      consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET',
      localOffsetStoreDir,
      // The name under which progress is found again; two members in one process need two.
      advanced: { instanceName: screen },
    })
    consumer.subscribe(topic)
    consumer.consumeEach(message => {
      texts.push(message.text())
      onEach()
    })
    return consumer
  })
  await Promise.all(consumers.map(consumer => consumer.start()))

  const producer = new Producer({ namesrvAddr, producerGroup: group })
  await producer.start()
  for (const body of MESSAGES) await producer.send({ topic, body })

  await everybodyHasAll
  await Promise.all(consumers.map(consumer => consumer.shutdown()))
  await producer.shutdown()
  await rm(localOffsetStoreDir, { recursive: true })
  for (const [screen, texts] of received) console.log(`${screen}: ${texts.sort().join(', ')}`)
})

let onEach = (): void => undefined
