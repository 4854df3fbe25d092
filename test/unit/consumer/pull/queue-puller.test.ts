import { LITE_PULL_MESSAGE, PULL_MESSAGE } from '../../../../lib/commands/pull'
import { GET_ROUTEINFO_BY_TOPIC } from '../../../../lib/commands/route'
import { brokerError } from '../../../../lib/commands/response-code'
import { type QueuePull, QueuePuller, type QueuePullerOptions } from '../../../../lib/consumer/pull/queue-puller'
import type { TopicRoute } from '../../../../lib/model/topic-route'
import { buildSubscriptionData } from '../../../../lib/model/subscription'
import type { StoredMessage } from '../../../../lib/wire/stored-message'
import { encodeProperties } from '../../../../lib/wire/properties'
import { FakeClient } from '../../../support/fake-client'
import { type PullAnswer, found, none } from '../../../support/pull-setup'

const MASTER = 'broker-a:10911'
const tagged = (TAGS: string) => encodeProperties({ TAGS })

async function setup(options: Partial<QueuePullerOptions> = {}, topic = 'Orders', client = new FakeClient()) {
  if (client.routes.get(topic) === undefined) await client.knownTopic(topic, { 'broker-a': 4 })
  const queue = { topic, brokerName: 'broker-a', queueId: 1 }
  const parts = {
    client: client.asClient,
    consumerGroup: 'g',
    queue,
    retryTopic: undefined,
    filter: undefined,
    litePull: false,
  }
  const puller = new QueuePuller({ ...parts, ...options })
  const answers = (...replies: (PullAnswer | Error)[]): void => {
    const answer = (): unknown => {
      const reply = replies.shift()
      if (reply instanceof Error) throw reply
      return reply
    }
    client.on(PULL_MESSAGE, answer).on(LITE_PULL_MESSAGE, answer)
  }
  const pull = (wanted: Partial<QueuePull> = {}, expression = '*') =>
    puller.pull({
      offset: 10,
      maxNums: 32,
      maxBytes: undefined,
      subscription: buildSubscriptionData(topic, expression, 77),
      sendsSubscription: true,
      commitOffset: 0,
      suspendMs: 0,
      timeoutMs: 1000,
      signal: undefined,
      ...wanted,
    })
  const asked = () => client.requests.filter(({ command }) => command.endsWith('PULL_MESSAGE'))
  return { client, answers, pull, asked }
}

describe('what a pull asks for', () => {
  it('is what it is told to', async () => {
    const { answers, pull, asked } = await setup()
    answers(none('PULL_NOT_FOUND', 10))
    await pull({ maxBytes: 500, commitOffset: 8, suspendMs: 20_000 }, 'a || b')
    expect(asked()[0]).toMatchObject({
      address: MASTER,
      command: 'PULL_MESSAGE',
      header: {
        consumerGroup: 'g',
        topic: 'Orders',
        queueId: 1,
        queueOffset: 10,
        maxMsgNums: 32,
        sysFlag: 1 | 2 | 4,
        commitOffset: 8,
        suspendTimeoutMillis: 20_000,
        subscription: 'a || b',
        subVersion: 77,
        expressionType: 'TAG',
        maxMsgBytes: 500,
        bname: 'broker-a',
      },
    })
  })

  it('leaves out what it is not to send', async () => {
    const { answers, pull, asked } = await setup()
    answers(none('PULL_NOT_FOUND', 10))
    await pull({ sendsSubscription: false })
    expect(asked()[0]?.header).toMatchObject({ sysFlag: 0, subscription: undefined, subVersion: 77 })
  })

  it('goes with a request of its own for lite pull, to brokers that are known to have it', async () => {
    const { client, answers, pull, asked } = await setup({ litePull: true })
    answers(none('PULL_NOT_FOUND', 10), none('PULL_NOT_FOUND', 10), none('PULL_NOT_FOUND', 10))
    await pull()
    client.peerVersions.set(MASTER, 401)
    await pull()
    client.peerVersions.set(MASTER, 413)
    await pull()
    expect(asked().map(({ command }) => command)).toEqual(['PULL_MESSAGE', 'PULL_MESSAGE', 'LITE_PULL_MESSAGE'])
    expect(asked()[2]?.header).toMatchObject({ sysFlag: 4 | 16 })
  })

  it('goes to the broker that was suggested, and to the master again after a failure', async () => {
    const { answers, pull, asked } = await setup()
    answers(none('PULL_NOT_FOUND', 10, { suggestWhichBrokerId: 1 }), brokerError(1, 'no'), none('PULL_NOT_FOUND', 10))
    await pull()
    await expect(pull({ commitOffset: 5 })).rejects.toMatchObject({ responseCode: 'SYSTEM_ERROR' })
    await pull()
    expect(asked().map(({ address }) => address)).toEqual([MASTER, 'broker-a:10921', MASTER])
    // A slave takes no offsets.
    expect(asked()[1]?.header).toMatchObject({ sysFlag: 4, commitOffset: 5 })
  })

  it('waits for the route of a broker that is not known, and needs one', async () => {
    const { client, answers, pull, asked } = await setup()
    client.routes.forget('Orders')
    answers(none('PULL_NOT_FOUND', 10))
    await pull()
    expect(asked()).toHaveLength(1)
    client.routes.forget('Orders')
    client.topicRoutes.clear()
    await expect(pull()).rejects.toMatchObject({ code: 'BROKER_NOT_FOUND', topic: 'Orders', brokerName: 'broker-a' })
  })

  it('ends with its time or signal', async () => {
    const { client, pull } = await setup()
    client.on(PULL_MESSAGE, () => new Promise(() => undefined))
    const abort = new AbortController()
    const ended = expect(pull({ signal: abort.signal })).rejects.toMatchObject({ code: 'ABORTED' })
    abort.abort()
    await ended
  })
})

describe('what a pull brings', () => {
  it('is messages, and the ends of the queue', async () => {
    const { answers, pull } = await setup()
    answers(found(12, { queueOffset: 10 }, { queueOffset: 11 }))
    const pulled = await pull()
    expect(pulled).toMatchObject({
      status: 'FOUND',
      nextBeginOffset: 12,
      minOffset: 0,
      maxOffset: 90,
      restMs: 0,
      problems: [],
      damage: undefined,
      isReset: false,
    })
    expect(pulled.messages.map(({ queueOffset }) => queueOffset)).toEqual([10, 11])
  })

  it.each([
    ['PULL_NOT_FOUND', 'NO_NEW_MSG'],
    ['PULL_RETRY_IMMEDIATELY', 'NO_MATCHED_MSG'],
    ['PULL_OFFSET_MOVED', 'OFFSET_ILLEGAL'],
  ])('after %s is %s, and a rest where it was at once and got nowhere', async (code, status) => {
    const { answers, pull } = await setup()
    answers(none(code, 10), none(code, 15))
    expect(await pull()).toMatchObject({ status, nextBeginOffset: 10, restMs: 100, messages: [] })
    expect(await pull()).toMatchObject({ status, nextBeginOffset: 15, restMs: 0 })
  })

  it('tells a reset by an administrator from an offset that is out of range', async () => {
    const { answers, pull } = await setup()
    const remark = (text: string) => ({ ...none('PULL_OFFSET_MOVED', 0), remark: text })
    answers(remark('OFFSET_TOO_SMALL'), remark('OFFSET_RESET'))
    expect([(await pull()).isReset, (await pull()).isReset]).toEqual([false, true])
  })

  it('is what has the tags, not what has their hashes alone', async () => {
    const { answers, pull } = await setup()
    const records = [
      { queueOffset: 10, properties: tagged('Aa') },
      { queueOffset: 11, properties: tagged('BB') },
    ]
    answers(found(12, ...records), found(12, ...records.slice(1)))
    expect((await pull({}, 'Aa')).messages.map(({ tags }) => tags)).toEqual(['Aa'])
    expect(await pull({}, 'Aa')).toMatchObject({ status: 'NO_MATCHED_MSG', messages: [], nextBeginOffset: 12 })
  })

  it('is shown under the topic of its queue, and from the retry topic under the first one where that is wanted', async () => {
    const records = { topic: '%RETRY%g', queueOffset: 10, properties: encodeProperties({ RETRY_TOPIC: 'Orders' }) }
    const plain = await setup({}, '%RETRY%g')
    plain.answers(found(11, records))
    expect((await plain.pull()).messages[0]?.topic).toBe('%RETRY%g')
    const pushed = await setup({ retryTopic: '%RETRY%g' }, '%RETRY%g')
    pushed.answers(found(12, records, { ...records, queueOffset: 11, properties: '' }))
    expect((await pushed.pull()).messages.map(({ topic }) => topic)).toEqual(['Orders', '%RETRY%g'])
  })

  it.each(['%RETRY%g_Orders', '%RETRY%g+Orders'])(
    'is shown under its own topic from %s, a retry topic of POP',
    async topic => {
      const plain = await setup({}, topic)
      plain.answers(found(11, { topic, queueOffset: 10 }))
      expect((await plain.pull()).messages[0]?.topic).toBe(topic)
      const pushed = await setup({ retryTopic: '%RETRY%g' }, topic)
      pushed.answers(found(11, { topic, queueOffset: 10 }))
      expect((await pushed.pull()).messages[0]?.topic).toBe('Orders')
    },
  )

  it('leaves out what cannot be read, and tells of it', async () => {
    const { answers, pull } = await setup()
    const [bad, good] = [found(11, { queueOffset: 10 }), found(12, { queueOffset: 11 })]
    // The magic of the first record.
    bad.body?.writeInt32BE(7, 4)
    answers({ ...good, body: Buffer.concat([bad.body as Buffer, good.body as Buffer]) })
    const pulled = await pull()
    expect(pulled.messages.map(({ queueOffset }) => queueOffset)).toEqual([11])
    expect(pulled.problems).toMatchObject([{ code: 'MESSAGE_UNREADABLE' }])
  })

  it('stands before the damage of an answer, which is pulled again, one message at a time', async () => {
    const { answers, pull, asked } = await setup()
    const damaged = (next: number, ...offsets: number[]) => {
      const reply = found(next, ...offsets.map(queueOffset => ({ queueOffset })))
      return { ...reply, body: Buffer.concat([reply.body as Buffer, Buffer.from('garbage')]) }
    }
    answers(damaged(14, 10), damaged(12), damaged(12))
    const first = await pull()
    expect(first).toMatchObject({ status: 'FOUND', nextBeginOffset: 11, damage: { code: 'PROTOCOL_ERROR' } })
    expect((await pull({ offset: 11 })).nextBeginOffset).toBe(11)
    const last = await pull({ offset: 11 })
    expect(last).toMatchObject({ nextBeginOffset: 12, damage: undefined, problems: [{ code: 'MESSAGE_UNREADABLE' }] })
    expect(asked().map(({ header }) => header['maxMsgNums'])).toEqual([32, 1, 1])
  })
})

describe('what filters of the user’s leave', () => {
  it('are messages that the tags have left, and where to go on is the same', async () => {
    const offered: number[][] = []
    const filter = (messages: readonly StoredMessage[]): readonly StoredMessage[] => {
      offered.push(messages.map(({ queueOffset }) => queueOffset))
      return messages.filter(({ queueOffset }) => queueOffset !== 12)
    }
    const { answers, pull } = await setup({ filter })
    const tagged = (queueOffset: number, tag: string) => ({ queueOffset, properties: `TAGS\u0001${tag}\u0002` })
    answers(found(14, tagged(10, 'a'), tagged(11, 'b'), tagged(12, 'a'), tagged(13, 'a')))
    const { messages, nextBeginOffset, status } = await pull({}, 'a')
    expect(offered).toEqual([[10, 12, 13]])
    expect(messages.map(({ queueOffset }) => queueOffset)).toEqual([10, 13])
    expect({ nextBeginOffset, status }).toEqual({ nextBeginOffset: 14, status: 'FOUND' })
  })

  it('may be nothing', async () => {
    const { answers, pull } = await setup({ filter: () => [] })
    answers(found(12, { queueOffset: 10 }, { queueOffset: 11 }))
    expect(await pull()).toMatchObject({ messages: [], nextBeginOffset: 12, status: 'NO_MATCHED_MSG' })
  })
})

describe('within a namespace', () => {
  it('messages that come again are shown under the bare topic that they first had', async () => {
    const { answers, pull } = await setup({ retryTopic: '%RETRY%g' }, '%RETRY%g', new FakeClient('shop'))
    answers(found(12, { queueOffset: 11, properties: encodeProperties({ RETRY_TOPIC: 'shop%Orders' }) }))
    expect((await pull()).messages.map(({ topic }) => topic)).toEqual(['Orders'])
  })
})

describe('a queue of a static topic', () => {
  const QUEUE = { topic: 'S', brokerName: '__syslo__global__', queueId: 1 }

  async function staticTopic(queue = QUEUE) {
    const client = new FakeClient()
    client.topic('S', { 'broker-b': 2 })
    const route = client.topicRoutes.get('S') as TopicRoute
    const logicalQueues = new Map([[QUEUE.brokerName, new Map([[1, 'broker-b']])]])
    client.topicRoutes.set('S', { ...route, logicalQueues })
    await client.routes.refresh('S')
    return setup({ queue }, 'S', client)
  }

  it('is pulled from its host, and messages have its number and its offsets', async () => {
    const { answers, pull, asked } = await staticTopic()
    answers({
      ...found(102, { queueOffset: 1, queueId: 7 }),
      header: { ...none('SUCCESS', 102).header, offsetDelta: 100 },
    })
    const { messages } = await pull()
    expect(messages.map(({ brokerName, queueId, queueOffset }) => [brokerName, queueId, queueOffset])).toEqual([
      ['__syslo__global__', 1, 101],
    ])
    expect(asked()[0]).toMatchObject({ address: 'broker-b:10911', header: { bname: '__syslo__global__', queueId: 1 } })
  })

  it.each([
    ['no commit with a pull: brokers would take it for an offset of their own queue', QUEUE, 0],
    ['one where it is a queue of a broker', { ...QUEUE, brokerName: 'broker-b' }, 1],
  ])('gets %s', async (_what, queue, commitFlag) => {
    const { answers, pull, asked } = await staticTopic(queue)
    answers(none('PULL_NOT_FOUND', 102))
    await pull({ commitOffset: 100 })
    expect((asked()[0]?.header['sysFlag'] as number) & 1).toBe(commitFlag)
  })

  it('that has moved has the route asked for again', async () => {
    const { client, answers, pull } = await setup()
    answers(brokerError(501, 'moved', { command: 'PULL_MESSAGE' }))
    const before = client.sent(GET_ROUTEINFO_BY_TOPIC).length
    await expect(pull()).rejects.toMatchObject({ responseCode: 'NOT_LEADER_FOR_QUEUE' })
    expect(client.sent(GET_ROUTEINFO_BY_TOPIC)).toHaveLength(before + 1)
  })
})
