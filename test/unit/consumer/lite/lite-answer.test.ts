import { deflateSync } from 'node:zlib'
import { readLiteAnswer } from '../../../../lib/consumer/lite/lite-answer'
import { POP_HEADER, liteFound, liteRecord } from '../../../support/lite-setup'

const FROM = { brokerName: 'broker-a', consumerGroup: 'g' }

describe('the answer to a pop of lite topics', () => {
  it('has messages with the places in their lite topics, and receipt handles', async () => {
    const reply = liteFound([liteRecord('room-1', 7), liteRecord('room-2', 0)], '0;2')
    const { messages, damage } = await readLiteAnswer(reply, FROM)
    expect(damage).toBeUndefined()
    expect(messages.map(each => [each.text(), each.queueId, each.queueOffset, each.reconsumeTimes])).toEqual([
      ['room-1 7', 0, 7, 0],
      ['room-2 0', 0, 0, 2],
    ])
    expect(messages.map(each => each.properties['POP_CK'])).toEqual([
      '0 5000 15000 999 0 broker-a 0 7',
      '0 5000 15000 999 0 broker-a 0 0',
    ])
  })

  it('may have none', async () => {
    for (const code of ['POLLING_TIMEOUT', 'POLLING_FULL', 'PULL_NOT_FOUND'] as const) {
      const reply = { code, header: POP_HEADER, body: Buffer.alloc(0) }
      expect(await readLiteAnswer(reply, FROM)).toEqual({ messages: [], damage: undefined })
    }
  })

  it.each([undefined, '', 'x;y', '-5'])('counts no tries where the broker tells %p', async orderCountInfo => {
    const { messages } = await readLiteAnswer(liteFound([liteRecord('room-1', 7)], orderCountInfo), FROM)
    expect(messages[0]?.reconsumeTimes).toBe(0)
  })

  it.each(['', 'INNER_MULTI_QUEUE_OFFSET\u0001x\u0002', 'INNER_MULTI_QUEUE_OFFSET\u00019223372036854775807\u0002'])(
    'leaves out what does not say where it stands, and tells of that: %j',
    async properties => {
      const reply = liteFound([liteRecord('room-1', 7, { properties }), liteRecord('room-1', 8)], '4;1')
      const { messages, damage } = await readLiteAnswer(reply, FROM)
      expect(messages.map(each => [each.queueOffset, each.reconsumeTimes])).toEqual([[8, 1]])
      expect(damage).toMatchObject({ code: 'PROTOCOL_ERROR', message: expect.stringContaining('1 messages') })
    },
  )

  it('leaves for later what would inflate to more than memory should hold, and tells of it', async () => {
    const body = deflateSync(Buffer.alloc(16 * 1024 * 1024))
    const records = Array.from({ length: 8 }, (_, i) => liteRecord('room-1', 7 + i, { body, sysFlag: 1 }))
    const { messages, damage } = await readLiteAnswer(liteFound(records, '1;2;3;4;5;6;7;8'), FROM)
    expect(messages.length).toBeGreaterThanOrEqual(4)
    expect(messages.length).toBeLessThanOrEqual(7)
    expect(messages.map(each => [each.property('POP_CK'), each.reconsumeTimes])).toEqual(
      messages.map((_, i) => [`0 5000 15000 999 0 broker-a 0 ${7 + i}`, 1 + i]),
    )
    expect(damage).toMatchObject({
      code: 'MESSAGE_UNREADABLE',
      message: expect.stringMatching(`^${8 - messages.length} messages of lite topics on broker-a are left for later`),
    })
  })

  it('tells of damage', async () => {
    const reply = liteFound([liteRecord('room-1', 7), Buffer.from('garbage that is no record')])
    const { messages, damage } = await readLiteAnswer(reply, FROM)
    expect(messages).toHaveLength(1)
    expect(damage).toBeDefined()
  })
})
