import { type Context, SpanKind, SpanStatusCode, context, metrics, propagation, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { otelMetrics, startTracing } from '../../lib/integrations/otel/index'
import { describeScenario } from '../support/cluster'
import type { Site } from '../support/site'

const exporter = new InMemorySpanExporter()

beforeAll(() => {
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }))
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  propagation.setGlobalPropagator(new W3CTraceContextPropagator())
})
afterAll(() => {
  for (const api of [trace, context, propagation, metrics]) api.disable()
})
beforeEach(() => exporter.reset())

function traced(site: Site, options?: Parameters<typeof startTracing>[0]): void {
  const stop = startTracing(options)
  site.onEnd(async () => stop())
}

/** The spans of a name that have ended. */
const named = (name: string): ReadableSpan[] => exporter.getFinishedSpans().filter(span => span.name === name)

/** The one span of a name, once it has ended. */
async function one(site: Site, name: string): Promise<ReadableSpan> {
  const seen = (): string =>
    exporter
      .getFinishedSpans()
      .map(span => span.name)
      .join(', ')
  await site.until(() => named(name).length === 1, { what: () => `${name}; there are ${seen()}` })
  return named(name)[0] as ReadableSpan
}

const idOf = (span: ReadableSpan): string => span.spanContext().spanId
const linked = (span: ReadableSpan): string[] => span.links.map(link => link.context.spanId)

describeScenario('spans', cluster => {
  cluster.it(
    'of a send and of the listener that gets the message are linked, with the attributes of the conventions',
    async site => {
      traced(site)
      const topic = await site.freshTopic(1)
      const [producer, { inbox, consumer }] = await Promise.all([site.producer(), site.reader(topic)])
      const tracer = trace.getTracer('test')
      const { msgId, messageQueue } = await tracer.startActiveSpan('order', async span => {
        const result = await producer.send({ topic, tags: 'paid', keys: ['o-1'], body: 'm', shardingKey: 'o' })
        span.end()
        return result
      })
      const [message] = await inbox.first(1)
      const sent = await one(site, `send ${topic}`)
      await consumer.shutdown()
      const processed = await one(site, `process ${topic}`)
      expect([sent.kind, processed.kind]).toEqual([SpanKind.PRODUCER, SpanKind.CONSUMER])
      expect(sent.parentSpanContext?.spanId).toBe(idOf(await one(site, 'order')))
      expect(message?.properties['traceparent']).toContain(idOf(sent))
      expect(linked(processed)).toEqual([idOf(sent)])
      expect(processed.parentSpanContext).toBeUndefined()
      const common = {
        'messaging.system.name': 'rocketmq',
        'messaging.destination.name': topic,
        'messaging.destination.partition.id': `${messageQueue.brokerName}:${messageQueue.queueId}`,
        'messaging.message.id': msgId,
        'rocketmq.message.tag': 'paid',
        'rocketmq.message.keys': ['o-1'],
        'rocketmq.message.group': 'o',
        'server.address': expect.any(String),
        'server.port': expect.any(Number),
      }
      expect(sent.attributes).toEqual({
        ...common,
        'messaging.operation.name': 'send',
        'messaging.operation.type': 'send',
        'messaging.client.id': producer.clientId,
        'rocketmq.message.type': 'fifo',
      })
      expect(processed.attributes).toEqual({
        ...common,
        'messaging.operation.name': 'process',
        'messaging.operation.type': 'process',
        'messaging.client.id': consumer.clientId,
        'messaging.consumer.group.name': consumer.consumerGroup,
        'rocketmq.consumption_model': 'clustering',
      })
    },
  )

  cluster.it('of a batch: one for each message, which the send and the listener are linked to', async site => {
    traced(site)
    const topic = await site.freshTopic(1)
    const producer = await site.producer()
    await producer.send(['1', '2'].map(body => ({ topic, body })))
    const inbox = site.newInbox()
    const consumer = site.newConsumer().subscribe(topic)
    consumer.consume({ batchSize: 2 }, messages => messages.forEach(message => inbox.take(message)))
    await consumer.start()
    const messages = await inbox.first(2)
    await consumer.shutdown()
    const created = named(`create ${topic}`).map(idOf)
    expect(new Set(created).size).toBe(2)
    const sent = await one(site, `send ${topic}`)
    expect([sent.kind, linked(sent), sent.attributes['messaging.batch.message_count']]).toEqual([
      SpanKind.CLIENT,
      created,
      2,
    ])
    expect(messages.map(message => message.properties['traceparent']?.split('-')[2])).toEqual(created)
    expect(named(`process ${topic}`).flatMap(linked)).toEqual(created)
  })

  cluster.it('are active while a listener runs, and continue the sender’s trace where that is wanted', async site => {
    traced(site, { continueTraces: true })
    const topic = await site.freshTopic(1)
    const active: (Context | undefined)[] = []
    const consumer = await site.consumer(topic, {}, async () => {
      await new Promise(resolve => setImmediate(resolve))
      active.push(context.active())
      site.changes.notify()
    })
    await (await site.producer()).send({ topic, body: 'm' })
    await site.until(() => active.length === 1, { what: 'the message' })
    await consumer.shutdown()
    const [sent, processed] = [await one(site, `send ${topic}`), await one(site, `process ${topic}`)]
    expect(trace.getSpanContext(active[0] as Context)?.spanId).toBe(idOf(processed))
    expect(processed.parentSpanContext?.spanId).toBe(idOf(sent))
    expect(processed.spanContext().traceId).toBe(sent.spanContext().traceId)
  })

  cluster.it('tell of failures, of listeners too', async site => {
    traced(site)
    const topic = await site.freshTopic(1)
    const producer = await site.producer()
    const inbox = site.newInbox()
    const consumer = await site.consumer(topic, {}, message => {
      inbox.take(message)
      return 'RECONSUME_LATER'
    })
    await producer.send({ topic, body: 'm' })
    await expect(producer.send({ topic, body: '' })).rejects.toThrow()
    await inbox.first(1)
    await consumer.shutdown()
    const [failed] = named(`send ${topic}`).filter(span => span.status.code === SpanStatusCode.ERROR)
    expect(failed?.attributes['error.type']).toBe('INVALID_MESSAGE')
    expect(failed?.events[0]?.name).toBe('exception')
    const [processed] = named(`process ${topic}`)
    expect(processed?.attributes['error.type']).toBe('RECONSUME_LATER')
    expect(processed?.status).toEqual({ code: SpanStatusCode.ERROR, message: 'RECONSUME_LATER' })
  })

  cluster.it(
    'leave a context that a message has already, and are linked to it; those of polls tell only of messages',
    async site => {
      traced(site)
      const topic = await site.freshTopic(1)
      const producer = await site.producer()
      const id = '00f067aa0ba902b7'
      const traceparent = `00-4bf92f3577b34da6a3ce929d0e0e4736-${id}-01`
      await producer.send({ topic, body: 'm', properties: { traceparent } })
      const consumer = await site.litePullConsumer(topic)
      await consumer.poll({ timeoutMs: 0 })
      let messages = await consumer.poll({ timeoutMs: 20_000 })
      while (messages.length === 0) messages = await consumer.poll({ timeoutMs: 20_000 })
      expect(messages[0]?.properties['traceparent']).toBe(traceparent)
      expect(linked(await one(site, `send ${topic}`))).toEqual([id])
      const polled = [...named('poll'), ...named(`poll ${topic}`)]
      expect(polled.map(linked)).toEqual([[id]])
      expect(polled[0]?.attributes).toMatchObject({
        'messaging.operation.name': 'poll',
        'messaging.operation.type': 'receive',
      })
    },
  )

  cluster.it('are ended of what is under way when tracing ends', async site => {
    const stop = startTracing()
    site.onEnd(async () => stop())
    const topic = await site.freshTopic(1)
    const producer = await site.producer()
    const sends = [producer.send({ topic, body: '1' }), producer.send({ topic, body: '2' })]
    stop()
    await producer.send({ topic, body: 'untold' })
    await Promise.all(sends)
    await site.until(() => named(`send ${topic}`).length === 2, { what: 'the spans of two sends' })
  })

  cluster.it('of a request has that of its send as a child, and none are made after the end', async site => {
    const stop = startTracing()
    site.onEnd(async () => stop())
    const topic = await site.freshTopic(1)
    const producer = await site.producer()
    await site.consumer(topic, {}, async request => void (await producer.reply(request, 'pong')))
    await producer.request({ topic, body: 'ping' }, { timeoutMs: 20_000 })
    const sent = await one(site, `send ${topic}`)
    expect(sent.parentSpanContext?.spanId).toBe(idOf(await one(site, `request ${topic}`)))
    stop()
    exporter.reset()
    await producer.send({ topic, body: 'untold' }).catch(() => undefined)
    expect(named(`send ${topic}`)).toEqual([])
  })
})

describeScenario('metrics by OpenTelemetry', cluster => {
  cluster.it('have the names, units and attributes of the conventions', async site => {
    const memory = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
    const reader = new PeriodicExportingMetricReader({ exporter: memory, exportIntervalMillis: 2 ** 31 - 1 })
    const meterProvider = new MeterProvider({ readers: [reader] })
    site.onEnd(() => meterProvider.shutdown())
    const recorder = otelMetrics({ meterProvider })
    const topic = await site.freshTopic(1)
    const [producer, { inbox, consumer }] = await Promise.all([
      site.producer({ metrics: recorder }),
      site.reader(topic, { metrics: recorder }),
    ])
    await producer.send(['1', '2'].map(body => ({ topic, body })))
    await inbox.first(2)
    const collected = async (): Promise<
      Map<string, { unit: string; points: readonly { value: unknown; attributes: object }[] }>
    > => {
      const { resourceMetrics } = await reader.collect()
      const all = resourceMetrics.scopeMetrics.flatMap(scope => scope.metrics)
      return new Map(
        all.map(({ descriptor, dataPoints }) => [descriptor.name, { unit: descriptor.unit, points: dataPoints }]),
      )
    }
    const running = await collected()
    const sent = { 'messaging.operation.name': 'send', 'messaging.destination.name': topic }
    expect(running.get('messaging.client.sent.messages')).toMatchObject({
      unit: '{message}',
      points: [{ value: 2, attributes: sent }],
    })
    expect(running.get('messaging.client.operation.duration')).toMatchObject({
      unit: 's',
      points: [{ value: { count: 1, buckets: { boundaries: expect.arrayContaining([0.005, 10]) } }, attributes: sent }],
    })
    const lag = running.get('rocketwire.consumer.lag')
    expect(lag?.points.map(({ attributes }) => attributes)).toContainEqual(
      expect.objectContaining({ 'messaging.destination.name': topic, 'rocketwire.group': consumer.consumerGroup }),
    )
    expect(running.get('rocketwire.client.connections')?.points.length).toBe(2)
    await Promise.all([consumer.shutdown(), producer.shutdown()])
    const after = await collected()
    expect(after.get('messaging.client.consumed.messages')?.points).toMatchObject([
      { value: 2, attributes: { 'messaging.consumer.group.name': consumer.consumerGroup } },
    ])
    expect(after.get('messaging.process.duration')?.points).toMatchObject([{ value: { count: 2 } }])
  })
})
