import type { MetricInstrument, MetricReading, MetricsRecorder } from '../../../../lib/client/telemetry/metrics'
import { onDiagnostics } from '../../../../lib/client/telemetry/on-diagnostics'
import { Telemetry, type TelemetryOptions } from '../../../../lib/client/telemetry/telemetry'
import { RocketMQError } from '../../../../lib/errors'
import type { Message } from '../../../../lib/model/message'
import { ManualClock } from '../../../../lib/runtime/manual-clock'
import { messageOf } from '../../../support/telemetry-events'

const SEND = { operation: 'send', mode: 'SYNC', message: { topic: 'T', body: 'b' } } as const
const SYSTEM = { 'messaging.system.name': 'rocketmq' }

/** Keeps what it is told. */
class Recorded implements MetricsRecorder {
  readonly records: [name: string, value: number, attributes: object][] = []
  read: (() => Iterable<MetricReading>) | undefined

  record({ name }: MetricInstrument, value: number, attributes: object): void {
    this.records.push([name, value, attributes])
  }

  observe(read: () => Iterable<MetricReading>): () => void {
    this.read = read
    return () => (this.read = undefined)
  }
}

const clock = new ManualClock()
const errors: unknown[] = []
beforeEach(() => errors.splice(0))

function telemetryWith(options: Partial<TelemetryOptions> = {}): Telemetry {
  return new Telemetry({
    kind: 'producer',
    group: 'g',
    namespace: 'n',
    clock,
    metrics: undefined,
    clientId: () => 'id',
    brokerAddress: name => `${name}:1`,
    onError: error => errors.push(error),
    ...options,
  })
}

describe('telemetry', () => {
  it('wants nothing until somebody subscribes to the channel, and nothing after', () => {
    const telemetry = telemetryWith()
    expect(telemetry.wants('send')).toBe(false)
    for (const moment of ['start', 'end', 'error', 'asyncStart', 'asyncEnd'] as const) {
      const stop = onDiagnostics('send', { [moment]: () => undefined })
      expect([moment, telemetry.wants('send'), telemetry.wants('process')]).toEqual([moment, true, false])
      stop()
      expect(telemetry.wants('send')).toBe(false)
    }
  })

  it('wants all where metrics are wanted', () => {
    expect(telemetryWith({ metrics: new Recorded() }).wants('settle')).toBe(true)
  })

  it('tells who does what, and hands on what subscribers have made of it', async () => {
    const other: Message = { topic: 'T', body: 'other' }
    const told: unknown[] = []
    const stop = onDiagnostics('send', {
      start: event => {
        told.push({ ...event, brokerAddress: event.brokerAddress('b') })
        event.message = other
      },
      asyncEnd: ({ result }) => told.push(result),
    })
    const sent = await telemetryWith().run('send', SEND, async ({ message }) => message)
    stop()
    expect(sent).toBe(other)
    expect(told).toEqual([{ ...SEND, group: 'g', namespace: 'n', clientId: 'id', brokerAddress: 'b:1' }, other])
  })

  it('calls the operation within what subscribers want', async () => {
    const steps: string[] = []
    const stop = onDiagnostics('send', {
      start: event => {
        event.within = call => {
          steps.push('before')
          const result = call()
          steps.push('after')
          return result
        }
      },
    })
    const sent = await telemetryWith().run('send', SEND, async () => steps.push('work'))
    stop()
    expect([sent, steps]).toEqual([2, ['before', 'work', 'after']])
  })

  it('records duration and count of a send, and how it failed', async () => {
    const metrics = new Recorded()
    const telemetry = telemetryWith({ metrics })
    const slow = telemetry.run('send', SEND, () => clock.sleep(250))
    await clock.advance(250)
    await slow
    const attributes = {
      ...SYSTEM,
      'messaging.operation.name': 'send',
      'messaging.operation.type': 'send',
      'messaging.destination.name': 'T',
    }
    expect(metrics.records).toEqual([
      ['messaging.client.operation.duration', 0.25, attributes],
      ['messaging.client.sent.messages', 1, attributes],
    ])
    const failing = telemetry.run('send', SEND, () => Promise.reject(new TypeError('wrong')))
    await expect(failing).rejects.toThrow('wrong')
    expect(metrics.records.at(-1)?.[2]).toEqual({ ...attributes, 'error.type': 'TypeError' })
  })

  it('names no topic that none can be: whatever callers are given would become a series of its own', async () => {
    const metrics = new Recorded()
    const failing = async (): Promise<never> => Promise.reject(new RocketMQError('INVALID_TOPIC', 'no topic'))
    await expect(telemetryWith({ metrics }).run('send', SEND, failing)).rejects.toThrow('no topic')
    for (const [, , attributes] of metrics.records) {
      expect(attributes).toMatchObject({ 'error.type': 'INVALID_TOPIC' })
      expect(attributes).not.toHaveProperty(['messaging.destination.name'])
    }
    expect(metrics.records).toHaveLength(2)
  })

  it('records what was received when that is known', async () => {
    const metrics = new Recorded()
    const telemetry = telemetryWith({ metrics, kind: 'consumer' })
    await telemetry.run('receive', { operation: 'receive', messages: [] }, async event => {
      event.messages = [messageOf('T'), messageOf('T')]
    })
    await telemetry.run('receive', { operation: 'receive', messages: [] }, async () => undefined)
    const attributes = {
      ...SYSTEM,
      'messaging.operation.name': 'receive',
      'messaging.operation.type': 'receive',
      'messaging.consumer.group.name': 'g',
    }
    const ofTopic = { ...attributes, 'messaging.destination.name': 'T' }
    expect(metrics.records).toEqual([
      ['messaging.client.operation.duration', 0, ofTopic],
      ['messaging.client.consumed.messages', 2, ofTopic],
      ['messaging.client.operation.duration', 0, attributes],
    ])
  })

  it('has gauges read until it is stopped', () => {
    const metrics = new Recorded()
    const stop = telemetryWith({ metrics }).observe(() => [])
    expect(metrics.read?.()).toEqual([])
    stop()
    expect(metrics.read).toBeUndefined()
    expect(() => telemetryWith().observe(() => [])()).not.toThrow()
  })

  it('lets no recorder break what it measures', async () => {
    const broken: MetricsRecorder = {
      record: () => {
        throw new Error('no record')
      },
      observe: () => {
        throw new Error('no gauge')
      },
    }
    const telemetry = telemetryWith({ metrics: broken })
    await expect(telemetry.run('send', SEND, async () => 'sent')).resolves.toBe('sent')
    telemetry.observe(() => [])()
    expect(errors.map(String)).toEqual(['Error: no record', 'Error: no gauge'])
  })
})
