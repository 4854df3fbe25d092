import { RocketMQError } from '../../../lib/errors'
import type { SubBeforeTrace } from '../../../lib/model/trace'
import type { PreparedMessage } from '../../../lib/sending/prepared-message'
import { TraceWriter, createTraceWriter } from '../../../lib/sending/trace-writer'
import { inflateSync } from 'node:zlib'
import { decodeProperties } from '../../../lib/wire/properties'
import { decodeTraces } from '../../../lib/wire/trace-data'
import { FakeClient, deferred } from '../../support/fake-client'

const traceOf = (msgId: string, keys?: string): SubBeforeTrace => ({
  type: 'SubBefore',
  timestamp: 5,
  regionId: 'DefaultRegion',
  group: 'g',
  requestId: 'R',
  msgId,
  retryTimes: 0,
  keys,
})
const many = (count: number, keys?: string) => Array.from({ length: count }, (_, n) => traceOf(`M${n}`, keys))

function setup() {
  const client = new FakeClient()
  const sent: PreparedMessage[] = []
  const errors: RocketMQError[] = []
  const outcome = { of: (): Promise<unknown> => Promise.resolve({}) }
  const writer = new TraceWriter({
    client: client.asClient,
    group: 'g',
    topic: 'Traces',
    sender: {
      topics: new Set(['Traces']),
      send: prepared => {
        sent.push(prepared)
        return outcome.of() as never
      },
    },
    onBackgroundError: error => errors.push(error),
  })
  const bodies = () =>
    sent.map(({ body, sysFlag }) => (sysFlag === 0 ? Buffer.from(body) : inflateSync(body)).toString())
  const ids = () => bodies().map(body => decodeTraces(body).map(({ msgId }) => msgId))
  return { client, writer, sent, errors, outcome, bodies, ids }
}

describe('a writer of traces', () => {
  it('sends them when ten wait, and not before 5 s where there are fewer', async () => {
    const { client, writer, ids, sent } = setup()
    writer.append('T', many(3))
    await client.clock.advance(4999)
    expect(sent).toEqual([])
    await client.clock.advance(1)
    expect(ids()).toEqual([['M0', 'M1', 'M2']])
    writer.append('T', many(9))
    await client.clock.advance(100)
    expect(sent).toHaveLength(1)
    writer.append('T', [traceOf('last')])
    await client.clock.advance(100)
    expect(ids()[1]).toHaveLength(10)
    expect(writer.stats).toEqual({ topic: 'Traces', written: 13, dropped: 0, failed: 0, waiting: 0 })
  })

  it('has them found by the ids and keys of their messages', async () => {
    const { client, writer, sent } = setup()
    writer.append('T', [traceOf('A', 'k1 k2'), traceOf('B', 'k2'), traceOf('C')])
    await client.clock.advance(5000)
    expect(sent).toMatchObject([{ topic: 'Traces' }])
    expect(decodeProperties(sent[0]?.properties ?? '')['KEYS']).toBe('A k1 k2 B C')
  })

  it('puts those of different topics into different messages', async () => {
    const { client, writer, ids } = setup()
    writer.append('T', [traceOf('A')])
    writer.append('U', [traceOf('B')])
    writer.append('T', [traceOf('C')])
    await client.clock.advance(5000)
    expect(ids()).toEqual([['A', 'C'], ['B']])
  })

  it('compresses what is large, and keeps to the limits of a message', async () => {
    const { client, writer, sent, bodies, ids } = setup()
    const long = 'k'.repeat(300)
    writer.append('T', many(500, long))
    // Compressing takes real time; all is sent when this has ended.
    const stopped = writer.stop(60_000)
    await client.clock.advance(1000)
    await stopped
    expect(sent.length).toBeGreaterThan(1)
    expect(sent.every(({ sysFlag, body }, i) => sysFlag !== 0 && body.length < (bodies()[i]?.length ?? 0))).toBe(true)
    for (const body of bodies()) expect(Buffer.byteLength(body)).toBeLessThanOrEqual(128_000)
    for (const { properties } of sent) expect(properties.length).toBeLessThan(32_767)
    expect(ids().flat()).toHaveLength(500)
  })

  it('drops what would be too much to wait, and counts it', async () => {
    const { client, writer, outcome } = setup()
    outcome.of = () => deferred<unknown>().promise
    expect(writer.append('T', many(8192))).toBe(true)
    expect(writer.append('T', many(2))).toBe(false)
    await client.clock.advance(100)
    // What is under way counts as long as it is.
    expect(writer.append('T', many(1))).toBe(false)
    expect(writer.stats).toMatchObject({ written: 0, dropped: 3, waiting: 8192 })
  })

  it('tells of the first failure of a row, counts all, and goes on', async () => {
    const { client, writer, errors, outcome } = setup()
    const round = async (): Promise<void> => {
      writer.append('T', many(10))
      await client.clock.advance(100)
    }
    outcome.of = () => Promise.reject(new RocketMQError('TOPIC_NOT_FOUND', 'no such topic'))
    await round()
    await round()
    expect(errors).toMatchObject([
      { code: 'TOPIC_NOT_FOUND', group: 'g', message: 'traces of group g could not be sent to Traces: no such topic' },
    ])
    outcome.of = () => Promise.resolve({})
    await round()
    expect(writer.stats).toMatchObject({ written: 10, failed: 20, waiting: 0 })
    outcome.of = () => Promise.reject(new Error('again'))
    await round()
    expect(errors).toHaveLength(2)
  })

  it('sends what waits at its end, and takes nothing more', async () => {
    const { client, writer, ids } = setup()
    writer.append('T', [traceOf('A')])
    const stopped = writer.stop(1000)
    await client.clock.advance(100)
    await stopped
    expect(ids()).toEqual([['A']])
    expect(writer.append('T', [traceOf('B')])).toBe(false)
    expect(writer.stats).toMatchObject({ written: 1, dropped: 1, waiting: 0 })
  })

  it('ends in time where no broker answers, and says what is lost', async () => {
    const { client, writer, errors, outcome } = setup()
    outcome.of = () => deferred<unknown>().promise
    writer.append('T', many(2))
    const stopped = writer.stop(1000)
    await client.clock.advance(1000)
    await stopped
    expect(errors).toMatchObject([{ code: 'SEND_TIMEOUT' }])
  })

  it('sends by a group of its own, named as Java names it', async () => {
    const client = new FakeClient()
    await client.knownTopic('Traces', { a: 1 })
    const options = { group: 'g', kind: 'CONSUME', topic: 'Traces', onBackgroundError: () => undefined } as const
    const writer = createTraceWriter(client.asClient, options)
    writer.append('T', many(10))
    await client.clock.advance(100)
    expect(client.hot[0]?.entry.content.extFields).toMatchObject({ a: '_INNER_TRACE_PRODUCER-g-CONSUME', b: 'Traces' })
  })
})
