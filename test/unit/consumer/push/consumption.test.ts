import { NOTIFY_CONSUMER_IDS_CHANGED, RESET_CONSUMER_CLIENT_OFFSET } from '../../../../lib/commands/callback'
import { GET_CONSUMER_LIST_BY_GROUP } from '../../../../lib/commands/client'
import { GET_MAX_OFFSET, QUERY_CONSUMER_OFFSET, UPDATE_CONSUMER_OFFSET } from '../../../../lib/commands/offset'
import { PULL_MESSAGE } from '../../../../lib/commands/pull'
import { CONSUMER_SEND_MSG_BACK } from '../../../../lib/commands/send'
import { finish, queue, setup, started } from '../../../support/consumption-setup'
import { type FakeClient, deferred } from '../../../support/fake-client'
import { none } from '../../../support/pull-setup'
import { tellingOffsetStore } from '../../../support/telling-offset-store'

describe('a consumption', () => {
  it('takes its queues and hands out what it pulls', async () => {
    const test = await started()
    expect(test.events).toEqual(['assigned 0,1'])
    expect(test.calls.map(({ text }) => text)).toEqual(['m'])
    await finish(test)
  })

  it('does not look for queues before it has started', async () => {
    const { client, consumption } = await setup()
    await consumption.rebalance()
    expect(client.sent(GET_CONSUMER_LIST_BY_GROUP)).toEqual([])
    await consumption.stop(1000)
  })

  it('tells brokers what it wants', async () => {
    const { subscriptions, consumption } = await setup({ consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET' })
    expect(consumption.consumerData()).toEqual({
      groupName: 'g',
      consumeType: 'CONSUME_PASSIVELY',
      messageModel: 'CLUSTERING',
      consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET',
      subscriptionDataSet: subscriptions.all,
      unitMode: false,
    })
    await consumption.stop(1000)
  })

  it('writes its progress down after 5 s and then every 5 s, where there is any', async () => {
    const { client, calls, commits, consumption } = await started()
    await client.clock.advance(5000)
    expect(commits()).toEqual(['0:5', '1:5'])
    calls[0]?.end()
    await client.clock.advance(5000)
    await client.clock.advance(5000)
    expect(commits()).toEqual(['0:5', '1:5', '0:6'])
    await consumption.stop(1000)
  })

  it('looks at who has which queue every 20 s, and when the broker says that members have changed', async () => {
    const test = await started()
    const { client, members, events } = test
    members.ids = [client.clientId, '10.0.0.9@9']
    await client.clock.advance(1000)
    expect(events).toEqual(['assigned 0,1'])
    client.callback(NOTIFY_CONSUMER_IDS_CHANGED, 'g', { header: { consumerGroup: 'g' } })
    await client.settle()
    expect(events).toEqual(['assigned 0,1', 'revoked 1'])
    members.ids = [client.clientId]
    await client.clock.advance(20_000)
    expect(events.at(-1)).toBe('assigned 1')
    await finish(test)
  })

  it('pulls nothing while it is suspended, nor for a queue that is paused', async () => {
    const test = await started()
    const { client, state, consumption } = test
    const pulls = (): number => client.sent(PULL_MESSAGE).length
    const before = pulls()
    consumption.pause([queue(0)])
    state.messages = 5
    expect(() => consumption.pause([queue(7)])).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
    // The pulls that the broker holds end by their time limit, and one of them is repeated.
    await client.clock.advance(30_200)
    expect(pulls()).toBe(before + 1)
    consumption.resume([queue(0)])
    await client.settle()
    expect(pulls()).toBe(before + 7)
    await finish(test)
  })

  it('resumes the queues that are still its own where others were given away since they were paused', async () => {
    const test = await started()
    const { client, members, state, consumption } = test
    consumption.pause([queue(0), queue(1)])
    state.messages = 1
    members.ids = [client.clientId, '10.0.0.9@9']
    await client.clock.advance(31_000)
    expect(consumption.assignments.queues).toEqual([queue(0)])
    const before = client.sent(PULL_MESSAGE).length
    consumption.resume([queue(1), queue(0)])
    await client.settle()
    expect(client.sent(PULL_MESSAGE).length).toBeGreaterThan(before)
    expect(() => consumption.resume(queue(0) as never)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
    await finish(test)
  })

  it('sends back what a listener holds for too long', async () => {
    const { client, errors, consumption } = await started({ consumeTimeoutMs: 30_000 })
    await client.clock.advance(60_000)
    expect(client.sent(CONSUMER_SEND_MSG_BACK)).toEqual([
      expect.objectContaining({ header: expect.objectContaining({ delayLevel: 3, maxReconsumeTimes: 16 }) }),
    ])
    expect(errors.map(({ code }) => code)).toContain('LISTENER_TIMEOUT')
    await Promise.allSettled([consumption.stop(1), client.clock.advance(10)])
  })

  it('goes on where an offset store of the user’s fails to note an offset', async () => {
    const offsetStore = {
      load: async () => undefined,
      read: async () => 5,
      current: () => undefined,
      update: jest.fn(),
      freeze: () => undefined,
      persist: async () => undefined,
      remove: () => undefined,
    }
    const { client, state, calls, consumption } = await started({ offsetStore })
    offsetStore.update.mockImplementation(() => {
      throw new TypeError('a defect')
    })
    calls[0]?.end()
    await client.settle()
    expect(client.reported).toEqual([expect.any(TypeError)])
    state.messages = 1
    await client.clock.advance(30_100)
    expect(calls).toHaveLength(2)
    calls[1]?.end()
    await consumption.stop(1000)
  })

  it.each([-7, NaN, '12'])('does not begin a queue where an offset store of the user’s tells %p', async told => {
    const { client, errors, events, consumption } = await started({ offsetStore: tellingOffsetStore(told) })
    expect(client.sent(PULL_MESSAGE).map(({ header }) => [header['queueId'], header['queueOffset']])).toEqual([[1, 5]])
    expect(events).toEqual(['assigned 1'])
    expect(errors[0]).toMatchObject({
      code: 'OFFSET_STORE_FAILED',
      message: expect.stringMatching(/queue 0 of T on a cannot be told: read\(\) of the offsetStore tells/),
    })
    await consumption.stop(1000)
  })
})

describe('an offset that is reset', () => {
  const reset = (client: FakeClient, offset: number, topic = 'T'): unknown =>
    client.callback(RESET_CONSUMER_CLIENT_OFFSET, 'g', {
      header: { topic: 'T', group: 'g', timestamp: 0 },
      body: { offsetTable: [[{ ...queue(0), topic }, offset]] },
    })

  it('by an administrator is written down, and the queue begins there', async () => {
    const { client, calls, commits, events, consumption } = await started()
    calls[0]?.end()
    await client.settle()
    client.on(QUERY_CONSUMER_OFFSET, () => ({ code: 'SUCCESS', header: { offset: 2 } }))
    reset(client, 2)
    await client.clock.advance(1000)
    expect(commits()).toContain('0:2 confirmed')
    expect(events.at(-1)).toBe('assigned 0')
    expect(client.sent(PULL_MESSAGE).at(-1)?.header).toMatchObject({ queueId: 0, queueOffset: 2 })
    await consumption.stop(1000)
  })

  it('of another topic is left alone', async () => {
    const { client, commits, consumption } = await started()
    reset(client, 2, 'Other')
    await client.settle()
    expect(commits()).toEqual([])
    await Promise.allSettled([consumption.stop(1), client.clock.advance(10)])
  })

  it('leaves a consumer suspended that the user has suspended', async () => {
    const { client, calls, consumption } = await started()
    calls[0]?.end()
    consumption.suspension.shut()
    reset(client, 2)
    await client.clock.advance(1000)
    expect(consumption.suspension.isOpen).toBe(false)
    const pulls = client.sent(PULL_MESSAGE).length
    await client.clock.advance(60_000)
    expect(client.sent(PULL_MESSAGE).length).toBeLessThanOrEqual(pulls + 1)
    await consumption.stop(1000)
  })

  it('holds up all pulls until the last of several resets is done', async () => {
    const { client, calls, consumption } = await started()
    calls[0]?.end()
    await client.settle()
    const answers = [deferred(), deferred()] as const
    let asked = 0
    client.on(UPDATE_CONSUMER_OFFSET, async () => {
      await answers[asked++]?.promise
      return { code: 'SUCCESS' }
    })
    const second = { header: { topic: 'T', group: 'g', timestamp: 0 }, body: { offsetTable: [[queue(1), 3]] } }
    reset(client, 2)
    client.callback(RESET_CONSUMER_CLIENT_OFFSET, 'g', second as never)
    await client.settle()
    const before = client.sent(PULL_MESSAGE).length
    answers[0].resolve()
    await client.clock.advance(2000)
    expect(client.sent(PULL_MESSAGE)).toHaveLength(before)
    answers[1].resolve()
    await client.clock.advance(2000)
    expect(client.sent(PULL_MESSAGE).length).toBeGreaterThan(before)
    await consumption.stop(1000)
  })

  it('by the answer to a pull has the queue begin where the broker says', async () => {
    const { client, calls, commits, consumption } = await started()
    calls[0]?.end()
    let moved = true
    client.on(PULL_MESSAGE, () => {
      if (!moved) return deferred().promise
      moved = false
      return {
        code: 'PULL_OFFSET_MOVED',
        header: { suggestWhichBrokerId: 0, nextBeginOffset: 40, minOffset: 40, maxOffset: 99 },
      }
    })
    await client.clock.advance(32_000)
    expect(commits().some(commit => /^[01]:40 confirmed$/.test(String(commit)))).toBe(true)
    await consumption.stop(1000)
  })
})

describe('the lag of a consumption', () => {
  it('begins at what is not handled, and is told by itself where a threshold was passed', async () => {
    const test = await setup({ lagThresholds: { total: { messages: 100 }, checkIntervalMs: 1000 } })
    const { client, consumption, events } = test
    client.on(GET_MAX_OFFSET, () => ({ code: 'SUCCESS', header: { offset: 99 } }))
    await consumption.start()
    await client.settle()
    const hold = client.clock.now()
    client.on(PULL_MESSAGE, ({ header }) => none('PULL_NOT_FOUND', header['queueOffset'] as number, { maxOffset: 20 }))
    const lag = await consumption.lag.measure({})
    expect(lag.queues.map(({ offset, messages, ageMs }) => [offset, messages, ageMs])).toEqual([
      [5, 94, Math.max(0, hold - 1_700_000_000_123)],
      [5, 15, 0],
    ])
    await client.clock.advance(1000)
    expect(events).toContain('lag EXCEEDED messages 109')
    await finish(test)
  })
})
