import { encodeBatchBody } from '../../../lib/wire/batch-body'
import { unwrapInnerBatch } from '../../../lib/wire/inner-batch'
import { storedMessage } from '../../support/records'

const entries = ['one', 'two', 'three'].map((text, i) => ({
  flag: i,
  body: Buffer.from(text),
  properties: `UNIQ_KEY\u0001id${i}\u0002TAGS\u0001${text}\u0002`,
}))
const outer = (fields = {}) =>
  storedMessage({
    sysFlag: 0xc0,
    queueOffset: 100,
    body: encodeBatchBody(entries),
    properties: 'INNER_NUM\u00013\u0002',
    ...fields,
  })

describe('unwrapInnerBatch', () => {
  it('gives each message its own body, properties, flag and the next offset', () => {
    const inner = unwrapInnerBatch(outer())
    expect(
      inner.map(({ queueOffset, flag, tags, msgId, body }) => [queueOffset, flag, tags, msgId, body.toString()]),
    ).toEqual([
      [100, 0, 'one', 'id0', 'one'],
      [101, 1, 'two', 'id1', 'two'],
      [102, 2, 'three', 'id2', 'three'],
    ])
  })

  it('takes all else from the outer message', () => {
    const from = outer({ bornHost: '[::1]:5', storeHost: '[2001:db8::1]:6', topic: 'T'.repeat(200) })
    for (const message of unwrapInnerBatch(from)) {
      const {
        topic,
        queueId,
        commitLogOffset,
        bornTimestamp,
        storeTimestamp,
        bornHost,
        storeHost,
        sysFlag,
        brokerName,
        offsetMsgId,
      } = from
      expect(message).toMatchObject({
        topic,
        queueId,
        commitLogOffset,
        bornTimestamp,
        storeTimestamp,
        bornHost,
        storeHost,
        sysFlag,
        brokerName,
        offsetMsgId,
      })
      expect(message).toMatchObject({ storeSize: 0, bodyCRC: 0, reconsumeTimes: 0, unreadable: undefined })
    }
  })

  it('hands the wish to wait of the outer message to all, as Java does', () => {
    expect(unwrapInnerBatch(outer())[0]?.properties['WAIT']).toBe('true')
    expect(unwrapInnerBatch(outer({ properties: 'WAIT\u0001false\u0002' }))[2]?.properties['WAIT']).toBe('false')
  })

  it('keeps properties that leave no room for more', () => {
    const properties = `a\u0001${'x'.repeat(32_760)}\u0002`
    const [message] = unwrapInnerBatch(
      outer({ body: encodeBatchBody([{ flag: 0, body: Buffer.from('x'), properties }]) }),
    )
    expect(message?.properties['a']).toHaveLength(32_760)
  })

  it('counts from the offset of a static topic only once', () => {
    const copy = outer().copy()
    expect(unwrapInnerBatch(copy).map(message => message.queueOffset)).toEqual([100, 101, 102])
  })

  it('refuses a body that is no batch', () => {
    expect(() => unwrapInnerBatch(outer({ body: Buffer.from('no batch') }))).toThrow(
      expect.objectContaining({ code: 'MESSAGE_UNREADABLE' }),
    )
  })

  it('takes as many messages as a broker can count, and no more', () => {
    const entry = { flag: 0, body: Buffer.alloc(0), properties: '' }
    const of = (count: number) => outer({ body: encodeBatchBody(new Array<typeof entry>(count).fill(entry)) })
    expect(unwrapInnerBatch(of(32_767))).toHaveLength(32_767)
    expect(() => unwrapInnerBatch(of(32_768))).toThrow(expect.objectContaining({ code: 'MESSAGE_UNREADABLE' }))
  })
})
