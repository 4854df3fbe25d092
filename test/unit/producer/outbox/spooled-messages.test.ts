import { PROPERTY } from '../../../../lib/model/property-names'
import { withTransactionValue } from '../../../../lib/model/sys-flag'
import { POSSIBLE_DUPLICATE } from '../../../../lib/producer/outbox/possible-duplicate'
import { decodeRecord, encodeRecord } from '../../../../lib/producer/outbox/spool-record'
import { maySpool, preparedOf, spooledMessages, spooledResult } from '../../../../lib/producer/outbox/spooled-messages'
import { prepareBatch } from '../../../../lib/sending/batch'
import { appendProperty, decodeProperties } from '../../../../lib/wire/properties'
import { UniqueIds } from '../../../../lib/wire/unique-id'
import { prepare } from '../../../support/sender-setup'

const queue = { topic: 'T', brokerName: 'b', queueId: 2 }
const FACTS = { queue: undefined, maybeSent: false, spooledAt: 5 }

describe('a message in the spool', () => {
  it('is sent as it would have been', () => {
    const prepared = prepare({ tags: 'x', keys: ['a', 'b'], shardingKey: 'k', flag: 3, body: 'text' })
    const [spooled] = spooledMessages(prepared, { ...FACTS, queue })
    expect(spooled).toMatchObject({ shardingKey: 'k', queue: { brokerName: 'b', queueId: 2 }, spooledAt: 5 })
    const read = decodeRecord(encodeRecord(spooled as NonNullable<typeof spooled>))?.message as NonNullable<
      typeof spooled
    >
    const { message, ...rest } = preparedOf(read, false)
    expect({ ...prepared, ...rest, body: Buffer.from(rest.body) }).toEqual({
      ...prepared,
      body: Buffer.from(prepared.body),
    })
    expect(message).toMatchObject({ topic: 'T', tags: 'x', keys: 'a b', shardingKey: 'k', flag: 3 })
  })

  it('is marked where a broker may have it', () => {
    const [spooled] = spooledMessages(prepare(), FACTS)
    const { properties } = preparedOf(spooled as NonNullable<typeof spooled>, true)
    expect(decodeProperties(properties)[POSSIBLE_DUPLICATE]).toBe('true')
  })

  it('of a batch stands alone, with its own id and key', () => {
    const messages = ['a', 'b'].map(shardingKey => ({ topic: 'T', body: shardingKey, shardingKey, flag: 1 }))
    const [batch] = prepareBatch(messages, { uniqueIds: new UniqueIds(), maxMessageSize: 1000 })
    const spooled = spooledMessages(batch as NonNullable<typeof batch>, FACTS)
    expect(spooled.map(({ shardingKey, body }) => [shardingKey, Buffer.from(body).toString()])).toEqual([
      ['a', 'a'],
      ['b', 'b'],
    ])
    expect(spooled.map(({ msgId }) => msgId).join()).toBe(batch?.msgId)
    expect(spooled.map(({ properties }) => decodeProperties(properties).UNIQ_KEY).join()).toBe(batch?.msgId)
  })

  it('is no half message, request or reply', () => {
    const prepared = prepare()
    expect(maySpool(prepared)).toBe(true)
    expect(maySpool({ ...prepared, sysFlag: withTransactionValue(0, 4) })).toBe(false)
    expect(
      maySpool({ ...prepared, properties: appendProperty(prepared.properties, PROPERTY.CORRELATION_ID, 'c') }),
    ).toBe(false)
    expect(maySpool(prepare({ properties: { MY_CORRELATION_ID: 'c' } }))).toBe(true)
  })

  it('has a result that tells of no broker', () => {
    const prepared = prepare()
    expect(spooledResult(prepared, undefined)).toMatchObject({
      sendStatus: 'SPOOLED',
      msgId: prepared.msgId,
      offsetMsgId: '',
      queueOffset: -1,
      messageQueue: { topic: 'T', brokerName: '', queueId: -1 },
    })
    expect(spooledResult(prepared, queue).messageQueue).toEqual(queue)
  })
})
