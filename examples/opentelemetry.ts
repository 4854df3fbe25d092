// Spans of a send and of the listener that gets the message, linked by the context that travels with the message.
import { propagation, trace } from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { Producer, PushConsumer } from 'rocketwire'
import { startTracing } from 'rocketwire/otel'
import { runExample } from './support/run-example'

// As in every program: the SDK is set up first, here with spans that stay in memory.
const exporter = new InMemorySpanExporter()
trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }))
propagation.setGlobalPropagator(new W3CTraceContextPropagator())
// From here on all clients of the process are traced.
startTracing()

runExample(async ({ namesrvAddr, topic, group }) => {
  const producer = new Producer({ namesrvAddr, producerGroup: group })
  await producer.start()
  await producer.send({ topic, tags: 'paid', body: 'order 1' })
  await producer.shutdown()

  const consumer = new PushConsumer({
    namesrvAddr,
    consumerGroup: group,
    consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET',
  })
  const traceparent = new Promise<string | undefined>(resolve => {
    consumer.subscribe(topic)
    consumer.consumeEach(message => resolve(message.properties['traceparent']))
  })
  await consumer.start()
  const [, traceId, spanId] = (await traceparent)?.split('-') ?? []
  await consumer.shutdown()

  const [sent, processed] = exporter.getFinishedSpans()
  console.log(sent?.name.replace(topic, 'TOPIC'), sent?.attributes['rocketmq.message.tag'])
  console.log(processed?.name.replace(topic, 'TOPIC'), processed?.attributes['messaging.operation.type'])
  console.log(
    'the message names the send:',
    sent?.spanContext().spanId === spanId && sent?.spanContext().traceId === traceId,
  )
  console.log('the listener is linked to it:', processed?.links[0]?.context.spanId === spanId)
})
