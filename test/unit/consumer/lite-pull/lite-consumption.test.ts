import { NOTIFY_CONSUMER_IDS_CHANGED, RESET_CONSUMER_CLIENT_OFFSET } from '../../../../lib/commands/callback'
import { CHECK_CLIENT_CONFIG, GET_CONSUMER_LIST_BY_GROUP } from '../../../../lib/commands/client'
import { GET_MAX_OFFSET, QUERY_CONSUMER_OFFSET, UPDATE_CONSUMER_OFFSET } from '../../../../lib/commands/offset'
import { PULL_MESSAGE } from '../../../../lib/commands/pull'
import { brokerError } from '../../../../lib/commands/response-code'
import { deferred } from '../../../support/fake-client'
import { NOW, liteConsumptionSetup, queue } from '../../../support/lite-consumption-setup'
import { type PullAnswer, found, none } from '../../../support/pull-setup'
import { tellingOffsetStore } from '../../../support/telling-offset-store'

describe('queues that are shared', () => {
  it('are taken at the start, where the group is', async () => {
    const { consumption, events, asked, client, stop } = await liteConsumptionSetup()
    await consumption.start()
    await client.settle()
    expect([events, asked()]).toEqual([['assigned 0,1'], ['0:5', '1:5']])
    expect(client.sent(PULL_MESSAGE)[0]?.header).toMatchObject({ sysFlag: 2 | 4 | 16, subscription: '*' })
    await stop()
  })

  it('are not begun where an offset store of the user’s tells what is no offset', async () => {
    const { consumption, events, errors, stop } = await liteConsumptionSetup({
      options: { offsetStore: tellingOffsetStore(NaN) },
    })
    await consumption.start()
    expect([events, errors]).toMatchObject([['assigned 1'], [{ code: 'OFFSET_STORE_FAILED', topic: 'T' }]])
    await stop()
  })

  it('follow the group, as brokers tell of it and every 20 s', async () => {
    const { consumption, client, members, events, stop } = await liteConsumptionSetup()
    await consumption.start()
    members.ids = [client.clientId, 'z']
    client.callback(NOTIFY_CONSUMER_IDS_CHANGED, 'g', { header: { consumerGroup: 'g' } })
    await client.clock.advance(1000)
    expect(events.at(-1)).toBe('revoked 1')
    members.ids = [client.clientId]
    await client.clock.advance(20_000)
    expect(events.at(-1)).toBe('assigned 1')
    await stop()
  })

  it('of a condition rely on what brokers heard by heartbeats', async () => {
    const { consumption, client, stop } = await liteConsumptionSetup({ expression: { sql92: 'a > 1' } })
    await consumption.start()
    await client.settle()
    const header = { sysFlag: 2 | 16, subscription: undefined, expressionType: 'SQL92' }
    expect(client.sent(PULL_MESSAGE)[0]?.header).toMatchObject(header)
    await stop()
  })

  it('are not looked at before the start, nor where it was stopped before', async () => {
    const { consumption, client, events, stop } = await liteConsumptionSetup()
    await consumption.rebalance()
    await stop()
    await consumption.start()
    expect([events, client.callbacks]).toEqual([[], []])
  })
})

describe('queues that are chosen', () => {
  it('are taken at the start, or while it runs, one choice after the other', async () => {
    const { consumption, client, interest, asked, events, stop } = await liteConsumptionSetup({ shared: false })
    interest.choose([queue(0)], undefined)
    await consumption.start()
    await client.settle()
    expect(asked()).toEqual(['0:5'])
    const choices = [consumption.assign([], undefined), consumption.assign([queue(1)], 'x')]
    await client.settle()
    await Promise.all(choices)
    expect(consumption.queues.queues).toEqual([queue(1)])
    expect(client.sent(PULL_MESSAGE).at(-1)?.header).toMatchObject({ queueId: 1, subscription: 'x' })
    // Brokers hear of new topics' consumers; nothing is shared.
    expect([client.heartbeats, events, client.sent(GET_CONSUMER_LIST_BY_GROUP)]).toEqual([2, [], []])
    await consumption.rebalance()
    expect(client.sent(GET_CONSUMER_LIST_BY_GROUP)).toEqual([])
    await stop()
  })

  it('by a condition are taken once brokers have agreed', async () => {
    const { consumption, client, stop } = await liteConsumptionSetup({ shared: false })
    await consumption.start()
    client.on(CHECK_CLIENT_CONFIG, () => Promise.reject(brokerError(23, 'no such thing')))
    const refused = expect(consumption.assign([queue(0)], { sql92: 'a >' })).rejects.toMatchObject({
      code: 'INVALID_EXPRESSION',
    })
    await client.settle()
    await refused
    expect([consumption.queues.queues, client.sent(PULL_MESSAGE)]).toEqual([[], []])
    client.on(CHECK_CLIENT_CONFIG, () => ({ code: 'SUCCESS' }))
    const agreed = consumption.assign([queue(0)], { sql92: 'a > 1' })
    await client.settle()
    await agreed
    expect(client.sent(PULL_MESSAGE)[0]?.header).toMatchObject({ sysFlag: 2 | 4 | 16, subscription: 'a > 1' })
    await stop()
  })

  it('stay as they are where a new one cannot be had', async () => {
    const { consumption, client, interest, stop } = await liteConsumptionSetup({ shared: false })
    await consumption.start()
    await consumption.assign([queue(0)], 'x')
    client.on(QUERY_CONSUMER_OFFSET, () => Promise.reject(brokerError(1, 'no')))
    const failed = expect(consumption.assign([queue(1)], 'y')).rejects.toMatchObject({ responseCode: 'SYSTEM_ERROR' })
    await client.settle()
    await failed
    expect([consumption.queues.queues, interest.subscription('T')?.subString]).toEqual([[queue(0)], 'x'])
    await stop()
  })
})

describe('progress', () => {
  it('is what was polled before the last poll, committed by itself', async () => {
    const { consumption, client, store, poll, commits, stop } = await liteConsumptionSetup()
    store(0, 5, 6)
    await consumption.start()
    expect([await poll(), await poll()]).toEqual([['0:5'], ['0:6']])
    await client.clock.advance(5000)
    expect(commits().sort()).toEqual(['0:6', '1:5'])
    await client.clock.advance(5000)
    expect(commits()).toHaveLength(2)
    expect(await poll()).toEqual([])
    await stop()
    expect(commits().slice(2)).toEqual(['0:7!'])
  })

  it('is not committed by itself where the user does it', async () => {
    const { consumption, client, store, poll, commits, stop } = await liteConsumptionSetup({
      options: { autoCommit: false },
    })
    store(0, 5, 6)
    await consumption.start()
    await poll()
    await poll()
    await client.clock.advance(60_000)
    await consumption.commit(new Map([[queue(0), undefined]]), true)
    expect(commits()).toEqual(['0:7!'])
    await stop()
    expect(commits()).toEqual(['0:7!'])
  })

  it('may be noted now and written down later', async () => {
    const { consumption, client, commits, stop } = await liteConsumptionSetup({ options: { autoCommit: false } })
    await consumption.start()
    await consumption.commit(new Map([[queue(1), 3]]), false)
    expect([commits(), await consumption.committed(queue(1)), await consumption.committed(queue(0))]).toEqual([
      [],
      3,
      5,
    ])
    await client.clock.advance(5000)
    expect(commits()).toEqual(['1:3'])
    await stop()
  })

  it('that the user has committed is not undone by what commits itself', async () => {
    const { consumption, client, store, poll, commits, stop } = await liteConsumptionSetup()
    store(0, 5, 6)
    await consumption.start()
    await poll()
    await consumption.commit(new Map([[queue(0), undefined]]), true)
    await client.clock.advance(5000)
    expect(commits().sort()).toEqual(['0:6!', '1:5'])
    await stop()
  })

  it('of queues that are not ours is refused after the others were committed', async () => {
    const { consumption, commits, stop } = await liteConsumptionSetup()
    await consumption.start()
    const offsets = new Map([
      [queue(9), 1],
      [queue(0), 4],
    ])
    await expect(consumption.commit(offsets, true)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('queue 9'),
    })
    expect(commits()).toEqual(['0:4!'])
    await stop()
  })

  it('that cannot be written down by itself is reported, and tried again', async () => {
    const { consumption, client, commits, stop } = await liteConsumptionSetup()
    await consumption.start()
    client.on(UPDATE_CONSUMER_OFFSET, () => Promise.reject(new Error('no broker')))
    await client.clock.advance(5000)
    expect(client.reported).toMatchObject([{ code: 'OFFSET_STORE_FAILED' }])
    client.on(UPDATE_CONSUMER_OFFSET, () => ({ code: 'SUCCESS' }))
    await client.clock.advance(5000)
    expect(commits()).toHaveLength(4)
    await stop()
  })
})

describe('a position', () => {
  it('that is sought is where it goes on, and what counts as consumed', async () => {
    const { consumption, client, store, stored, poll, commits, asked, stop } = await liteConsumptionSetup()
    store(0, 5, 6)
    await consumption.start()
    await poll()
    stored.set(0, [found(31, { queueId: 0, queueOffset: 30 })])
    consumption.seek(queue(0), 30)
    expect(await poll()).toEqual(['0:30'])
    expect(
      asked()
        .filter(text => text.startsWith('0:'))
        .slice(-2),
    ).toEqual(['0:30', '0:31'])
    await client.clock.advance(5000)
    expect(commits()).toContain('0:30')
    expect(() => consumption.seek(queue(9), 0)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
    await stop()
  })

  it('that an administrator sets is taken over, and written down at once', async () => {
    const { consumption, client, store, poll, commits, asked, stop } = await liteConsumptionSetup({
      options: { autoCommit: false },
    })
    store(0, 5)
    await consumption.start()
    await poll()
    const header = { topic: 'T', group: 'g', timestamp: 0, isForce: true }
    const offsetTable = [
      [queue(0), 2],
      [queue(9), 1],
      [queue(1, 'U'), 1],
    ]
    client.callback(RESET_CONSUMER_CLIENT_OFFSET, 'g', { header, body: { offsetTable } } as never)
    await client.settle()
    expect([asked().at(-1), commits()]).toEqual(['0:2', ['0:2!']])
    await stop()
  })

  it('that an administrator sets while its queue is given back is what the next owner begins at', async () => {
    const { consumption, client, members, store, poll, commits, stop } = await liteConsumptionSetup()
    store(0, 5)
    store(1, 5)
    await consumption.start()
    for (let polled = 0; polled < 3; polled++) await poll()
    const answer = deferred<{ code: 'SUCCESS' }>()
    client.on(UPDATE_CONSUMER_OFFSET, () => answer.promise)
    members.ids = [client.clientId, 'z']
    client.callback(NOTIFY_CONSUMER_IDS_CHANGED, 'g', { header: { consumerGroup: 'g' } })
    await client.clock.advance(1000)
    expect(commits().at(-1)).toBe('1:6!')
    const header = { topic: 'T', group: 'g', timestamp: 0, isForce: true }
    client.callback(RESET_CONSUMER_CLIENT_OFFSET, 'g', { header, body: { offsetTable: [[queue(1), 2]] } } as never)
    answer.resolve({ code: 'SUCCESS' })
    await client.settle()
    expect([commits().at(-1), consumption.queues.queues]).toEqual(['1:2!', [queue(0)]])
    await stop()
    expect(
      commits()
        .filter(commit => commit.startsWith('1'))
        .at(-1),
    ).toBe('1:2!')
  })

  it('that an administrator has set on the broker is learnt by a pull', async () => {
    const { consumption, client, stored, commits, asked, stop } = await liteConsumptionSetup()
    stored.set(0, [{ ...none('PULL_OFFSET_MOVED', 1), remark: 'OFFSET_RESET' } as PullAnswer])
    await consumption.start()
    await client.settle()
    expect([asked().filter(text => text.startsWith('0')), commits()]).toEqual([['0:5', '0:1'], ['0:1!']])
    await stop()
  })

  it('that cannot be written down is reported', async () => {
    const { consumption, client, stored, errors, stop } = await liteConsumptionSetup()
    client.on(UPDATE_CONSUMER_OFFSET, () => Promise.reject(new Error('no broker')))
    stored.set(0, [{ ...none('PULL_OFFSET_MOVED', 1), remark: 'OFFSET_RESET' } as PullAnswer])
    await consumption.start()
    await client.settle()
    expect(errors).toMatchObject([{ code: 'OFFSET_STORE_FAILED' }])
    await stop()
  })
})

describe('pausing', () => {
  it('holds back what is in hand, too, until the queue is resumed', async () => {
    const { consumption, store, poll, asked, stop } = await liteConsumptionSetup()
    store(0, 5, 6, 7)
    await consumption.start()
    expect(await poll()).toEqual(['0:5'])
    const before = asked().length
    consumption.pause([queue(0)])
    expect(await poll()).toEqual([])
    expect(asked()).toHaveLength(before)
    consumption.resume([queue(0)])
    expect(await poll()).toEqual(['0:6'])
    expect(() => consumption.pause([queue(0), queue(9)])).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
    expect(await poll()).toEqual(['0:7'])
    expect(() => consumption.resume([queue(9)])).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
    await stop()
  })
})

describe('a watched topic', () => {
  it('is looked at from time to time, while the consumer runs', async () => {
    const { consumption, client, events, stop } = await liteConsumptionSetup({
      options: { topicMetadataCheckIntervalMs: 700 },
    })
    await consumption.start()
    client.topic('U', { a: 1 })
    expect(await consumption.watchQueues('U', {})).toHaveLength(1)
    client.topic('U', { a: 2 })
    await client.clock.advance(700)
    expect(client.changedRoutes.filter(topic => topic === 'U')).toHaveLength(2)
    consumption.watch.look('U')
    expect(events.at(-1)).toBe('U has 0,1')
    await expect(consumption.watchQueues('None', {})).rejects.toMatchObject({ code: 'TOPIC_NOT_FOUND', topic: 'None' })
    await expect(consumption.watchQueues('no topic', {})).rejects.toMatchObject({ code: 'INVALID_TOPIC' })
    await stop()
  })
})

describe('the end', () => {
  it('leaves no poll, pull or duty behind', async () => {
    const { consumption, client, stop } = await liteConsumptionSetup()
    await consumption.start()
    await client.settle()
    const waiting = consumption.poll({ timeoutMs: 60_000, signal: undefined })
    await stop()
    expect([await waiting, await consumption.poll(NOW), client.callbacks]).toEqual([[], [], []])
    const { length } = client.requests
    await client.clock.advance(120_000)
    expect(client.requests).toHaveLength(length)
  })

  it('leaves nothing but the commit behind that a store of the user’s own does not answer', async () => {
    const offsetStore = { ...tellingOffsetStore(5), persist: () => new Promise<never>(() => undefined) }
    const { consumption, client } = await liteConsumptionSetup({ options: { offsetStore } })
    await consumption.start()
    await client.clock.advance(5000)
    void consumption.stop()
    await client.settle()
    expect([client.callbacks, consumption.queues.all.map(({ assigned }) => assigned.dropped)]).toEqual([
      [],
      [true, true],
    ])
    const { length } = client.requests
    await client.clock.advance(120_000)
    expect(client.requests).toHaveLength(length)
  })

  it('tells heartbeats what is shared, and that the group pulls', async () => {
    const { consumption } = await liteConsumptionSetup({ expression: 'a' })
    expect(consumption.consumerData()).toMatchObject({
      groupName: 'g',
      consumeType: 'CONSUME_ACTIVELY',
      messageModel: 'CLUSTERING',
      consumeFromWhere: 'CONSUME_FROM_LAST_OFFSET',
      subscriptionDataSet: [{ topic: 'T', subString: 'a' }],
      unitMode: false,
    })
  })
})

describe('the lag of a lite pull consumer', () => {
  it('begins at what was not polled yet, and is told by itself where a threshold was passed', async () => {
    const { client, consumption, store, poll, events, stop } = await liteConsumptionSetup({
      options: { lagThresholds: { perQueue: { messages: 10 }, checkIntervalMs: 1000 } },
    })
    client.on(GET_MAX_OFFSET, () => ({ code: 'SUCCESS', header: { offset: 30 } }))
    store(0, 5, 6)
    await consumption.start()
    expect(await poll()).toEqual(['0:5'])
    client.on(PULL_MESSAGE, ({ header }) => none('PULL_NOT_FOUND', header['queueOffset'] as number, { maxOffset: 5 }))
    const lag = await consumption.lag.measure({})
    expect(lag.queues.map(({ offset, messages }) => [offset, messages])).toEqual([
      [6, 24],
      [5, 0],
    ])
    await client.clock.advance(1000)
    expect(events).toContain('lag EXCEEDED messages 24')
    await stop()
  })
})
