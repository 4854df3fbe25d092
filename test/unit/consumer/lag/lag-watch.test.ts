import { GET_MAX_OFFSET, QUERY_CONSUMER_OFFSET } from '../../../../lib/commands/offset'
import { PULL_MESSAGE } from '../../../../lib/commands/pull'
import type { LagAlarm } from '../../../../lib/consumer/lag/lag-alarms'
import { checkedLagThresholds } from '../../../../lib/consumer/lag/lag-thresholds'
import { LagWatch } from '../../../../lib/consumer/lag/lag-watch'
import type { RocketMQError } from '../../../../lib/errors'
import { FakeClient, deferred } from '../../../support/fake-client'
import { none } from '../../../support/pull-setup'

const QUEUE = { topic: 'T', brokerName: 'a', queueId: 0 }

async function setup(thresholds: Parameters<typeof checkedLagThresholds>[0]) {
  const client = new FakeClient()
  await client.knownTopic('T', { a: 1 })
  const state = { end: 0 }
  client.on(GET_MAX_OFFSET, () => ({ code: 'SUCCESS', header: { offset: state.end } }))
  const [alarms, errors]: [LagAlarm[], RocketMQError[]] = [[], []]
  const watch = new LagWatch({
    client: client.asClient,
    consumerGroup: 'g',
    thresholds: checkedLagThresholds(thresholds),
    queues: () => [{ queue: QUEUE, offset: 0, storedAt: client.clock.now(), lastMaxOffset: 0 }],
    onLag: alarm => alarms.push(alarm),
    onBackgroundError: error => errors.push(error),
  })
  const asked = () => client.sent(GET_MAX_OFFSET).length
  return { client, state, watch, alarms, errors, asked }
}

describe('the watch on lag', () => {
  it('asks nobody by itself unless thresholds are set, and measures when it is asked to', async () => {
    const { client, state, watch, asked } = await setup({})
    const end = watch.start()
    await client.clock.advance(120_000)
    expect(asked()).toBe(0)
    state.end = 4
    expect(await watch.measure({})).toMatchObject({ messages: 4 })
    await end()
  })

  it('counts what is popped, too, as brokers tell it', async () => {
    const client = new FakeClient()
    await client.knownTopic('T', { a: 1 })
    client.on(QUERY_CONSUMER_OFFSET, () => ({ code: 'SUCCESS', header: { offset: 3 } }))
    client.on(PULL_MESSAGE, () => none('PULL_NOT_FOUND', 3))
    const watch = new LagWatch({
      client: client.asClient,
      consumerGroup: 'g',
      thresholds: undefined,
      queues: () => [],
      popped: () => [{ ...QUEUE, queueId: -1 }],
      onLag: () => undefined,
      onBackgroundError: () => undefined,
    })
    const { header } = none('PULL_NOT_FOUND', 3)
    expect((await watch.measure({})).queues).toMatchObject([{ queue: QUEUE, offset: 3, maxOffset: header.maxOffset }])
  })

  it('looks at its interval, and tells what was passed and what is kept again', async () => {
    const { client, state, watch, alarms, asked } = await setup({ total: { messages: 10 }, checkIntervalMs: 1000 })
    const end = watch.start()
    await client.clock.advance(1000)
    state.end = 11
    await client.clock.advance(2000)
    state.end = 2
    await client.clock.advance(1000)
    expect(asked()).toBe(4)
    expect(alarms.map(({ status, value }) => `${status} ${value}`)).toEqual(['EXCEEDED 11', 'RECOVERED 2'])
    await end()
    await client.clock.advance(5000)
    expect(asked()).toBe(4)
  })

  it('reports a look that failed, and looks again', async () => {
    const { client, watch, alarms, errors } = await setup({ total: { messages: 1 }, checkIntervalMs: 1000 })
    let fails = true
    client.on(GET_MAX_OFFSET, () => {
      if (fails) throw new Error('gone')
      return { code: 'SUCCESS', header: { offset: 5 } }
    })
    const end = watch.start()
    await client.clock.advance(1000)
    expect(errors).toMatchObject([{ group: 'g', message: expect.stringContaining('lag'), cause: { message: 'gone' } }])
    fails = false
    await client.clock.advance(1000)
    expect(alarms).toHaveLength(1)
    await end()
  })

  it('ends at once in the middle of a look, and tells nothing more', async () => {
    const { client, watch, errors } = await setup({ total: { messages: 1 }, checkIntervalMs: 1000 })
    client.on(GET_MAX_OFFSET, () => deferred<unknown>().promise)
    const end = watch.start()
    await client.clock.advance(1000)
    await end()
    expect(errors).toEqual([])
  })
})
