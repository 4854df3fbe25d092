import { createConsumeTracer } from '../../../lib/consumer/consume-tracer'
import { FakeClient } from '../../support/fake-client'
import { storedMessage } from '../../support/records'

async function setup(traceTopic: string | undefined) {
  const client = new FakeClient()
  client.topic('Traces', { a: 1 })
  const consumer = { consumerGroup: 'g', traceTopic, consumeTimeoutMs: 1000, onBackgroundError: () => undefined }
  return { client, tracer: createConsumeTracer(client.asClient, consumer) }
}

describe('the tracer of a consumer', () => {
  it('is none where nothing is traced', async () => {
    expect((await setup(undefined)).tracer).toBeUndefined()
  })

  it('writes what is handled, keeps its topic known, and sends what waits at its end', async () => {
    const { client, tracer } = await setup('Traces')
    tracer?.begin([storedMessage()])?.(true, 'SUCCESS')
    expect(tracer?.stats).toMatchObject({ topic: 'Traces', waiting: 2 })
    const stopped = tracer?.stop(60_000)
    await client.clock.advance(100)
    expect(client.hot[0]?.entry.content.extFields).toMatchObject({ b: 'Traces' })
    expect([...(tracer?.topics ?? [])]).toEqual(['Traces'])
    // Not for longer than 5 s, however much time there is.
    await client.clock.advance(5000)
    await stopped
  })
})
