// Traces of consumption: every call of the listener is told to brokers, and found again by the id of the message.
import { AdminClient, Producer, PushConsumer } from 'rocketwire'
import { runExample } from './support/run-example'

runExample(async ({ namesrvAddr, topic, group }) => {
  const admin = new AdminClient({ namesrvAddr })
  await admin.start()
  // RMQ_SYS_TRACE_TOPIC, the default, is there where brokers have traceTopicEnable=true; any other topic will do.
  const trace = { topic: `${topic}-traces` }
  await admin.createTopic({ topic: trace.topic, readQueueNums: 1, writeQueueNums: 1 })

  const producer = new Producer({ namesrvAddr, producerGroup: group })
  await producer.start()
  const { msgId } = await producer.send({ topic, body: 'order 1', keys: ['o-1'] })
  await producer.shutdown()

  const consumer = new PushConsumer({
    namesrvAddr,
    consumerGroup: group,
    consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET',
    trace,
  })
  const handled = new Promise<void>(resolve => {
    consumer.subscribe(topic)
    consumer.consumeEach(() => resolve())
  })
  await consumer.start()
  await handled
  // Traces go out when ten wait, after 5 s, and at the end.
  await consumer.shutdown()
  console.log(`written: ${consumer.stats().trace?.written}`)

  let traces = await admin.queryMessageTrace(msgId, trace)
  // Brokers index them a moment later.
  while (traces.length < 2) traces = await admin.queryMessageTrace(msgId, trace)
  for (const each of traces) console.log(each.keys, each.type, each.type === 'SubAfter' ? each.outcome : '...')
  await admin.shutdown()
})
