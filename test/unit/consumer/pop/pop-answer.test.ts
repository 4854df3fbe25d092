import { deflateSync } from 'node:zlib'
import { readPopAnswer } from '../../../../lib/consumer/pop/pop-answer'
import type { PopReply } from '../../../../lib/consumer/pop/pop-reply'
import type { StoredRecord } from '../../../../lib/wire/stored-message-encoder'
import { encodeBatchBody } from '../../../../lib/wire/batch-body'
import { recordBytes } from '../../../support/records'

const QUESTION = { consumerGroup: 'g', brokerName: 'broker-a', topic: 'Orders', order: false }

type Head = Partial<PopReply['header']>

function reply(records: readonly Partial<StoredRecord>[], header: Head, extra = Buffer.alloc(0)): PopReply {
  return {
    code: 'SUCCESS',
    header: { popTime: 1000, invisibleTime: 60_000, reviveQid: 3, restNum: 9, ...header },
    body: Buffer.concat([...records.map(recordBytes), extra]),
  }
}

const handlesOf = async (answer: PopReply, question = QUESTION): Promise<(string | undefined)[]> =>
  (await readPopAnswer(answer, question)).messages.map(message => message.properties['POP_CK'])

const properties = (values: Record<string, string>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}\u0001${value}\u0002`)
    .join('')

describe('readPopAnswer', () => {
  it.each([
    ['PULL_NOT_FOUND', 'POLLING_NOT_FOUND'],
    ['POLLING_TIMEOUT', 'POLLING_NOT_FOUND'],
    ['POLLING_FULL', 'POLLING_FULL'],
  ] as const)('tells of %s that the pop came to %s', async (code, status) => {
    expect(await readPopAnswer({ ...reply([], {}), code }, QUESTION)).toEqual({
      status,
      messages: [],
      popTime: 1000,
      invisibleTime: 60_000,
      restNum: 9,
      damage: undefined,
    })
  })

  it('gives each message its receipt handle and the time of its first pop', async () => {
    const answer = reply(
      [
        { queueId: 1, queueOffset: 7 },
        { queueId: 1, queueOffset: 9 },
        { queueId: 0, queueOffset: 5 },
      ],
      {
        startOffsetInfo: '0 1 7;0 0 5',
        msgOffsetInfo: '0 1 7,9;0 0 5',
      },
    )
    const { status, messages, damage } = await readPopAnswer(answer, QUESTION)
    expect({ status, damage }).toEqual({ status: 'FOUND', damage: undefined })
    expect(messages.map(message => message.property('POP_CK'))).toEqual([
      '7 1000 60000 3 0 broker-a 1 7',
      '7 1000 60000 3 0 broker-a 1 9',
      '5 1000 60000 3 0 broker-a 0 5',
    ])
    expect(messages.map(message => message.properties['1ST_POP_TIME'])).toEqual(['1000', '1000', '1000'])
  })

  it.each([
    ['%RETRY%g_Orders', '1'],
    ['%RETRY%g+Orders', '2'],
  ])('shows messages of %s under the topic that was popped', async (topic, flag) => {
    const answer = reply([{ topic, queueId: 0, queueOffset: 2, properties: properties({ '1ST_POP_TIME': '400' }) }], {
      startOffsetInfo: `${flag} 0 2`,
      msgOffsetInfo: `${flag} 0 2`,
    })
    const [message] = (await readPopAnswer(answer, QUESTION)).messages
    expect(message?.topic).toBe('Orders')
    expect(message?.property('POP_CK')).toBe(`2 1000 60000 3 ${flag} broker-a 0 2`)
    expect(message?.property('1ST_POP_TIME')).toBe('400')
  })

  it('keeps the handle that a broker has given to a retried message shown under its first topic', async () => {
    const given = '0 900 60000 2 1 broker-a 1 0'
    const answer = reply(
      [
        { queueId: 1, queueOffset: 0, properties: properties({ POP_CK: given }) },
        { queueId: 1, queueOffset: 0 },
      ],
      { startOffsetInfo: '1 1 0;0 1 0', msgOffsetInfo: '1 1 0;0 1 0' },
    )
    expect(await handlesOf(answer)).toEqual([given, '0 1000 60000 3 0 broker-a 1 0'])
  })

  it('begins with the first message of each queue where an old broker does not say where its pop began', async () => {
    const answer = reply([{ queueOffset: 7, properties: properties({ POP_CK: 'stale' }) }, { queueOffset: 9 }], {})
    expect(await handlesOf(answer)).toEqual(['7 1000 60000 3 0 broker-a 1 7', '7 1000 60000 3 0 broker-a 1 9'])
  })

  it('takes the offsets of static topics from the header', async () => {
    const answer = reply([{ queueOffset: 7 }, { queueOffset: 8 }], {
      startOffsetInfo: '0 1 1007',
      msgOffsetInfo: '0 1 1007,1008',
    })
    expect(await handlesOf(answer)).toEqual([
      '1007 1000 60000 3 0 broker-a 1 1007',
      '1007 1000 60000 3 0 broker-a 1 1008',
    ])
  })

  it('gives the messages of an inner batch handles of their own', async () => {
    const body = encodeBatchBody([
      { flag: 0, body: Buffer.from('a'), properties: '' },
      { flag: 0, body: Buffer.from('b'), properties: '' },
    ])
    const answer = reply([{ body, sysFlag: 0xc0, queueOffset: 4 }], {
      startOffsetInfo: '0 1 4',
      msgOffsetInfo: '0 1 4',
    })
    expect(await handlesOf(answer)).toEqual(['4 1000 60000 3 0 broker-a 1 4', '4 1000 60000 3 0 broker-a 1 5'])
  })

  it('inflates bodies', async () => {
    const answer = reply([{ body: deflateSync('hello'), sysFlag: 1 | (3 << 8), queueOffset: 4 }], {
      startOffsetInfo: '0 1 4',
      msgOffsetInfo: '0 1 4',
    })
    const [message] = (await readPopAnswer(answer, QUESTION)).messages
    expect(message?.text()).toBe('hello')
    expect(message?.property('POP_CK')).toBe('4 1000 60000 3 0 broker-a 1 4')
  })

  it('leaves for later what would inflate to more than memory should hold, and tells of it', async () => {
    const body = deflateSync(Buffer.alloc(16 * 1024 * 1024))
    const records = Array.from({ length: 10 }, (_, i) => ({ body, sysFlag: 1, queueOffset: 4 + i }))
    const offsets = records.map(({ queueOffset }) => queueOffset).join(',')
    const answer = reply(records, { startOffsetInfo: '0 1 4', msgOffsetInfo: `0 1 ${offsets}` })
    const { messages, damage } = await readPopAnswer(answer, QUESTION)
    expect(messages.length).toBeGreaterThanOrEqual(4)
    expect(messages.length).toBeLessThanOrEqual(7)
    expect(messages.map(each => each.property('POP_CK'))).toEqual(
      messages.map((_, i) => `4 1000 60000 3 0 broker-a 1 ${4 + i}`),
    )
    expect(damage).toMatchObject({
      code: 'MESSAGE_UNREADABLE',
      message: expect.stringMatching(`${10 - messages.length} messages of a pop of Orders on broker-a are left`),
    })
  })

  it('counts the tries of an orderly pop by message, and else by queue', async () => {
    const header = {
      reviveQid: 999,
      startOffsetInfo: '0 1 7',
      msgOffsetInfo: '0 1 7,8',
      orderCountInfo: '0 1 1;0 qo1%8 3',
    }
    const records = [{ queueOffset: 7 }, { queueOffset: 8 }]
    const ordered = await readPopAnswer(reply(records, header), { ...QUESTION, order: true })
    expect(ordered.messages.map(({ reconsumeTimes }) => reconsumeTimes)).toEqual([1, 3])
    const others = await readPopAnswer(reply(records, header), QUESTION)
    expect(others.messages.map(({ reconsumeTimes }) => reconsumeTimes)).toEqual([0, 0])
  })

  it('knows messages of a light queue by their offset there', async () => {
    const topic = '%LMQ%a'
    const answer = reply(
      [
        {
          queueId: 3,
          queueOffset: 70,
          properties: properties({ INNER_MULTI_DISPATCH: '%LMQ%b,%LMQ%a', INNER_MULTI_QUEUE_OFFSET: '5,6' }),
        },
      ],
      { startOffsetInfo: '0 0 6', msgOffsetInfo: '0 0 6' },
    )
    expect(await handlesOf(answer, { ...QUESTION, topic })).toEqual(['6 1000 60000 3 0 broker-a 0 6'])
  })

  it('leaves out messages of queues that the header does not name, and says so', async () => {
    const answer = reply([{ queueOffset: 7 }, { queueId: 2, queueOffset: 1 }], {
      startOffsetInfo: '0 1 7',
      msgOffsetInfo: '0 1 7',
    })
    const { messages, damage } = await readPopAnswer(answer, QUESTION)
    expect(messages.map(({ queueId }) => queueId)).toEqual([1])
    expect(damage).toMatchObject({ code: 'PROTOCOL_ERROR', topic: 'Orders', brokerName: 'broker-a' })
  })

  it('gives what can be told of a damaged answer, each with its own handle', async () => {
    const header = { startOffsetInfo: '0 1 7', msgOffsetInfo: '0 1 7,9' }
    const { messages, damage } = await readPopAnswer(reply([{ queueOffset: 9 }], header, Buffer.from('x')), QUESTION)
    expect(messages.map(message => message.property('POP_CK'))).toEqual(['7 1000 60000 3 0 broker-a 1 9'])
    expect(damage).toMatchObject({ code: 'PROTOCOL_ERROR' })
  })

  it.each([{ startOffsetInfo: 'x' }, { startOffsetInfo: '0 1 7', msgOffsetInfo: '0 1' }])(
    'refuses an answer whose header says %p',
    header => {
      expect(() => readPopAnswer(reply([{ queueOffset: 7 }], header), QUESTION)).toThrow(
        expect.objectContaining({ code: 'PROTOCOL_ERROR' }),
      )
    },
  )
})
