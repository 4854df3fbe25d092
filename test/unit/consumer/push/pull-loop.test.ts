import { PULL_MESSAGE } from '../../../../lib/commands/pull'
import { brokerError } from '../../../../lib/commands/response-code'
import { RocketMQError } from '../../../../lib/errors'
import { buildSubscriptionData } from '../../../../lib/model/subscription'
import { SYS_FLAG } from '../../../../lib/model/sys-flag'
import { encodeProperties } from '../../../../lib/wire/properties'
import { found, none, pullSetup } from '../../../support/pull-setup'

const tagged = (tags: string): string => encodeProperties({ TAGS: tags })
const refused = (code: number): Error => brokerError(code, 'says the broker')

describe('a pull', () => {
  it('asks for what comes next, and lets the broker hold it', async () => {
    const { headers, client, loop } = await pullSetup()
    expect(headers()).toEqual([
      {
        consumerGroup: 'g',
        topic: 'Orders',
        queueId: 1,
        queueOffset: 10,
        maxMsgNums: 32,
        sysFlag: 2,
        commitOffset: 0,
        suspendTimeoutMillis: 15_000,
        subscription: undefined,
        subVersion: 77,
        expressionType: 'TAG',
        maxMsgBytes: 262_144,
        bname: 'broker-a',
      },
    ])
    await client.clock.advance(29_999)
    expect(headers()).toHaveLength(1)
    await loop.stop()
  })

  it('carries the commit offset where the group shares queues, and the subscription where that is wanted', async () => {
    const { state, answer, headers, loop } = await pullSetup({
      consumer: { postSubscriptionWhenPull: true },
      expression: 'a || b',
    })
    state.current = 11
    await answer(none('PULL_NOT_FOUND', 11))
    expect(headers()[1]).toMatchObject({ sysFlag: 7, commitOffset: 11, subscription: 'a || b', queueOffset: 11 })
    await loop.stop()
  })

  it('carries no commit offset while messages are in hand, as it may be handled after a later commit', async () => {
    const { state, answer, headers, loop } = await pullSetup()
    state.current = 10
    await answer(none('PULL_NOT_FOUND', 11))
    expect(headers()[1]).toMatchObject({ sysFlag: 2, commitOffset: 0, queueOffset: 11 })
    await loop.stop()
  })

  it.each([
    [{ expressionType: 'SQL92', subString: 'a > 1' }, 2],
    [{ classFilterMode: true, subString: 'com.example.Filter' }, 10],
  ])(
    'never carries a condition, which a broker that cannot read it would not mind, nor a class: %j',
    async (rest, sysFlag) => {
      const { state, answer, headers, loop } = await pullSetup({ consumer: { postSubscriptionWhenPull: true } })
      state.subscription = { ...buildSubscriptionData('Orders', '*', 77), ...rest } as never
      await answer(none('PULL_NOT_FOUND', 11))
      const { expressionType = 'TAG' } = rest as { expressionType?: string }
      expect(headers()[1]).toMatchObject({ sysFlag, subscription: undefined, expressionType })
      await loop.stop()
    },
  )

  it('carries no commit offset when broadcasting', async () => {
    const { state, answer, headers, loop } = await pullSetup({ consumer: { messageModel: 'BROADCASTING' } })
    state.current = 10
    await answer(none('PULL_NOT_FOUND', 11))
    expect(headers()[1]).toMatchObject({ sysFlag: 2, commitOffset: 0 })
    await loop.stop()
  })

  it('goes to the broker that the last answer suggested, without a commit where that is no master', async () => {
    const { client, state, answer, headers, loop } = await pullSetup()
    state.current = 11
    await answer(none('PULL_NOT_FOUND', 11, { suggestWhichBrokerId: 1 }))
    expect(client.sent(PULL_MESSAGE)[1]?.address).toBe('broker-a:10921')
    expect(headers()[1]).toMatchObject({ sysFlag: 2, commitOffset: 11 })
    await loop.stop()
  })

  it('goes to the master where the suggested broker is not known, and to any where that is gone', async () => {
    const { client, answer, loop } = await pullSetup()
    await answer(none('PULL_NOT_FOUND', 11, { suggestWhichBrokerId: 7 }))
    expect(client.sent(PULL_MESSAGE)[1]?.address).toBe('broker-a:10911')
    const route = client.topicRoutes.get('Orders')
    const brokerDatas = [{ cluster: 'c', brokerName: 'broker-a', brokerAddrs: new Map([[3, 'slave:1']]) }]
    client.topicRoutes.set('Orders', { ...route, brokerDatas } as never)
    await client.routes.refresh('Orders')
    await answer(none('PULL_NOT_FOUND', 12))
    expect(client.sent(PULL_MESSAGE)[2]?.address).toBe('slave:1')
    await loop.stop()
  })
})

describe('an answer', () => {
  it('with messages is taken in, and handed out after the next pull has left', async () => {
    const { processQueue, submitted, answer, headers, loop } = await pullSetup()
    await answer(found(12, { queueOffset: 10 }, { queueOffset: 11 }))
    expect([processQueue.count, processQueue.nextBeginOffset]).toEqual([2, 12])
    expect(headers()[1]).toMatchObject({ queueOffset: 12 })
    expect(submitted).toEqual([2])
    expect(loop.maxOffset).toBe(90)
    await loop.stop()
  })

  it('is handed out only after what was put off to the end of the turn for the next pull', async () => {
    const order: string[] = []
    const service = { submit: () => order.push('handed out') }
    const { client, pulls, loop } = await pullSetup({ service })
    client.on(PULL_MESSAGE, () => {
      setImmediate(() => order.push('written'))
      return new Promise(() => undefined)
    })
    pulls[0]?.answer(found(12, { queueOffset: 10 }))
    await client.settle()
    expect(order).toEqual(['written', 'handed out'])
    await loop.stop()
  })

  it.each(['PULL_NOT_FOUND', 'PULL_RETRY_IMMEDIATELY'])(
    '%s goes on at the next offset, which counts as handled',
    async code => {
      const { committed, submitted, answer, headers, loop } = await pullSetup()
      await answer(none(code, 25))
      expect(headers()[1]).toMatchObject({ queueOffset: 25 })
      expect([committed, submitted]).toEqual([[25], []])
      await loop.stop()
    },
  )

  it('without messages commits nothing while some are in hand', async () => {
    const { committed, answer, loop } = await pullSetup()
    await answer(found(11, { queueOffset: 10 }))
    await answer(none('PULL_NOT_FOUND', 25))
    expect(committed).toEqual([])
    await loop.stop()
  })

  it('PULL_NOT_FOUND with a lower offset goes on there, and takes no commit back', async () => {
    const { committed, answer, headers, client, loop } = await pullSetup()
    await answer(none('PULL_NOT_FOUND', 5))
    await client.clock.advance(100)
    expect(headers()[1]).toMatchObject({ queueOffset: 5 })
    expect(committed).toEqual([])
    await loop.stop()
  })

  it('PULL_OFFSET_MOVED has the queue begin anew where the broker says', async () => {
    const { moved, processQueue, answer, loop } = await pullSetup()
    await answer(none('PULL_OFFSET_MOVED', 500))
    expect([moved, processQueue.nextBeginOffset]).toEqual([[500], 10])
    await loop.stop()
  })

  it.each(['PULL_NOT_FOUND', 'PULL_RETRY_IMMEDIATELY', 'PULL_OFFSET_MOVED'])(
    '%s that comes at once and gets nowhere makes no busy loop',
    async code => {
      const { answer, headers, client, loop } = await pullSetup()
      await answer(none(code, 10))
      expect(headers()).toHaveLength(1)
      await client.clock.advance(99)
      expect(headers()).toHaveLength(1)
      await client.clock.advance(1)
      expect(headers()).toHaveLength(2)
      await loop.stop()
    },
  )

  it('that the broker held does not make the next pull wait', async () => {
    const { client, answer, headers, loop } = await pullSetup()
    await client.clock.advance(15_000)
    await answer(none('PULL_NOT_FOUND', 10))
    expect(headers()).toHaveLength(2)
    await loop.stop()
  })

  it('with messages makes the next pull wait where the user wants that', async () => {
    const { client, answer, headers, submitted, loop } = await pullSetup({ consumer: { pullIntervalMs: 500 } })
    await answer(none('PULL_NOT_FOUND', 11))
    expect(headers()).toHaveLength(2)
    await answer(found(12, { queueOffset: 11 }))
    expect([headers().length, submitted.length]).toEqual([2, 1])
    await client.clock.advance(500)
    expect(headers()).toHaveLength(3)
    await loop.stop()
  })
})

describe('messages of an answer', () => {
  it('are those of the tags that the group wants, to the letter', async () => {
    // "Aa" and "BB" have the same hash.
    const { processQueue, answer, loop } = await pullSetup({ expression: 'Aa' })
    await answer(
      found(
        14,
        { queueOffset: 10, properties: tagged('BB') },
        { queueOffset: 11, properties: tagged('Aa') },
        { queueOffset: 12, properties: '' },
        { queueOffset: 13, properties: tagged('Aa') },
      ),
    )
    expect(processQueue.heads(9).map(({ offset }) => offset)).toEqual([11, 13])
    await loop.stop()
  })

  it('that are all unwanted count as handled', async () => {
    const { committed, submitted, answer, loop } = await pullSetup({ expression: 'x' })
    await answer(found(11, { queueOffset: 10, properties: tagged('y') }))
    expect([committed, submitted]).toEqual([[11], []])
    await loop.stop()
  })

  it('are asked for anew where the group wants others by now than when the broker began to hold the pull', async () => {
    // The broker has passed over what is wanted now.
    const { processQueue, state, committed, answer, headers, loop } = await pullSetup({ expression: 'old' })
    state.subscription = buildSubscriptionData('Orders', 'new', 78) as never
    await answer(found(14, { queueOffset: 13, properties: tagged('old') }))
    expect([processQueue.count, committed, headers()[1]]).toEqual([
      0,
      [],
      expect.objectContaining({ queueOffset: 10, subVersion: 78 }),
    ])
    await answer(
      found(14, { queueOffset: 12, properties: tagged('new') }, { queueOffset: 13, properties: tagged('old') }),
    )
    expect(processQueue.heads(9).map(({ offset }) => offset)).toEqual([12])
    await loop.stop()
  })

  it('are taken where only the version of the subscription is another by now', async () => {
    const { processQueue, state, answer, loop } = await pullSetup()
    state.subscription = buildSubscriptionData('Orders', '*', 78) as never
    await answer(found(11, { queueOffset: 10 }))
    expect(processQueue.count).toBe(1)
    await loop.stop()
  })

  it('do not matter where the offset was reset: that is told once', async () => {
    const { moved, state, answer, loop } = await pullSetup({ expression: 'old' })
    state.subscription = buildSubscriptionData('Orders', 'new', 78) as never
    await answer(none('PULL_OFFSET_MOVED', 500))
    expect(moved).toEqual([500])
    await loop.stop()
  })

  it('are left alone when the topic is no longer wanted', async () => {
    const { processQueue, state, answer, loop } = await pullSetup()
    state.subscription = undefined as never
    await answer(found(11, { queueOffset: 10 }))
    expect([processQueue.count, processQueue.nextBeginOffset]).toEqual([0, 10])
    await loop.stop()
  })

  it('are shown under their first topic where they come again', async () => {
    const { processQueue, answer, loop } = await pullSetup({ topic: '%RETRY%g' })
    const properties = encodeProperties({ RETRY_TOPIC: 'Orders' })
    await answer(found(12, { queueOffset: 10, topic: '%RETRY%g', properties }, { queueOffset: 11, topic: '%RETRY%g' }))
    expect(processQueue.heads(9).map(({ message }) => message.topic)).toEqual(['Orders', '%RETRY%g'])
    await loop.stop()
  })

  it('are counted from the offset delta of a static topic', async () => {
    const { processQueue, answer, loop } = await pullSetup()
    const reply = found(1011, { queueOffset: 10 })
    await answer({ ...reply, header: { ...reply.header, offsetDelta: 1000 } })
    expect(processQueue.heads(9).map(({ offset }) => offset)).toEqual([1010])
    await loop.stop()
  })

  it('that cannot be read are kept, whatever tags they had', async () => {
    const { processQueue, errors, answer, loop } = await pullSetup({ expression: 'x' })
    const sysFlag = SYS_FLAG.COMPRESSED | SYS_FLAG.COMPRESSION_ZLIB
    await answer(found(12, { queueOffset: 10, sysFlag, body: Buffer.from('no zlib') }, { queueOffset: 11 }))
    while (processQueue.count === 0) await new Promise(resolve => setImmediate(resolve))
    expect(processQueue.heads(9).map(({ message }) => message.unreadable?.code)).toEqual(['MESSAGE_UNREADABLE'])
    expect(errors).toEqual([])
    await loop.stop()
  })
})

describe('a pull that fails', () => {
  it('is told and repeated, after longer and longer waits of at most 3 s', async () => {
    const { client, answer, headers, errors, loop } = await pullSetup()
    const waits: number[] = []
    for (let i = 1; i <= 8; i++) {
      await answer(new RocketMQError('CONNECT_FAILED', 'gone'))
      let waited = 0
      while (headers().length === i) {
        await client.clock.advance(10)
        waited += 10
      }
      waits.push(waited)
    }
    expect(errors).toHaveLength(8)
    expect(waits[0]).toBeLessThanOrEqual(100)
    expect(waits[4]).toBeGreaterThan(waits[0] as number)
    expect(Math.max(...waits)).toBeLessThanOrEqual(3000)
    expect(waits[7]).toBeGreaterThanOrEqual(1500)
    await loop.stop()
  })

  it('is repeated from the beginning after a success', async () => {
    const { client, answer, headers, loop } = await pullSetup()
    for (const next of [11, 12]) {
      await answer(new RocketMQError('CONNECT_FAILED', 'gone'))
      await client.clock.advance(100)
      await answer(none('PULL_NOT_FOUND', next))
    }
    expect(headers().map(header => header['queueOffset'])).toEqual([10, 10, 11, 11, 12])
    await loop.stop()
  })

  it('goes to the master next, whatever was suggested', async () => {
    const { client, answer, loop } = await pullSetup()
    await answer(none('PULL_NOT_FOUND', 11, { suggestWhichBrokerId: 1 }))
    await answer(new RocketMQError('REQUEST_TIMEOUT', 'late'))
    await client.clock.advance(100)
    expect(client.sent(PULL_MESSAGE).map(({ address }) => address.split(':')[1])).toEqual(['10911', '10921', '10911'])
    await loop.stop()
  })

  it('for flow control is repeated after 20 ms, and is no failure', async () => {
    const { client, answer, headers, errors, loop } = await pullSetup()
    await answer(refused(215))
    await client.clock.advance(19)
    expect(headers()).toHaveLength(1)
    await client.clock.advance(1)
    expect([headers().length, errors]).toEqual([2, []])
    await loop.stop()
  })

  it.each([24, 25, 27, 28])(
    'since the broker has not heard of the subscription (%i) sends a heartbeat, and is told only when that did not help',
    async code => {
      const { client, answer, headers, errors, loop } = await pullSetup()
      await answer(refused(code))
      await client.clock.advance(100)
      expect([client.heartbeats, headers().length, errors]).toEqual([1, 2, []])
      await answer(refused(code))
      expect(errors).toEqual([expect.objectContaining({ code: 'BROKER_ERROR' })])
      await loop.stop()
    },
  )

  it('goes on though the heartbeat fails, too', async () => {
    const { client, answer, headers, loop } = await pullSetup()
    client.onHeartbeat = () => Promise.reject(new Error('a defect'))
    await answer(refused(24))
    await client.clock.advance(100)
    expect(headers()).toHaveLength(2)
    await loop.stop()
  })

  it('by a defect is a typed error, and the loop goes on', async () => {
    const { client, answer, headers, errors, loop } = await pullSetup({
      offsetStore: {
        current: () => undefined,
        update: () => {
          throw new TypeError('a defect of the store')
        },
      },
    })
    await answer(none('PULL_NOT_FOUND', 25))
    await client.clock.advance(100)
    expect(errors).toEqual([expect.objectContaining({ code: 'INVALID_STATE', topic: 'Orders' })])
    expect(headers()[1]).toMatchObject({ queueOffset: 25 })
    await loop.stop()
  })

  it('as no address is known asks for the route, and is told where that does not help', async () => {
    const { client, answer, errors, loop } = await pullSetup()
    client.routes.forget('Orders')
    client.topicRoutes.delete('Orders')
    await answer(none('PULL_NOT_FOUND', 11))
    expect(errors).toEqual([expect.objectContaining({ code: 'BROKER_NOT_FOUND', brokerName: 'broker-a' })])
    client.topic('Orders', { 'broker-a': 4 })
    await client.clock.advance(200)
    expect(client.sent(PULL_MESSAGE)).toHaveLength(2)
    await loop.stop()
  })
})
