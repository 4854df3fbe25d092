import { SEND_BATCH_MESSAGE } from '../../../../lib/commands/send'
import { type BatchEntry, encodeBatchBody } from '../../../../lib/wire/batch-body'
import { decodeOffsetMsgId } from '../../../../lib/wire/message-id'
import { encodeProperties } from '../../../../lib/wire/properties'
import { EmulatorSite, type TestSend } from '../../../support/emulator-site'

const entry = (text: string, properties: Record<string, string> = {}): BatchEntry => {
  return { flag: 4, body: Buffer.from(text), properties: encodeProperties(properties) }
}

function sendBatch(site: EmulatorSite, entries: BatchEntry[], rest: TestSend = {}) {
  const body = encodeBatchBody(entries)
  return site.send('Orders', { batch: true, body, ...rest })
}

describe('batches', () => {
  it.each(['4.9', '5'] as const)(
    'of generation %s become messages of their own, one after the other',
    async version => {
      await using site = await EmulatorSite.start({ version })
      await site.send('Orders', { queueId: 2 })
      const entries = [entry('first', { TAGS: 'a' }), entry('second', { KEYS: 'k' })]
      const { header } = await sendBatch(site, entries, { queueId: 2 })
      expect([header.queueId, header.queueOffset]).toEqual([2, 1])
      const ids = header.msgId.split(',')
      const stored = await site.read('Orders', { queueId: 2, queueOffset: 1 })
      expect(stored.map(message => [message.text(), message.queueOffset, message.flag])).toEqual([
        ['first', 1, 4],
        ['second', 2, 4],
      ])
      expect(stored.map(({ commitLogOffset }) => commitLogOffset)).toEqual(
        ids.map(id => decodeOffsetMsgId(id).commitLogOffset.toNumber()),
      )
      expect([stored[0]?.tags, stored[1]?.keys]).toEqual(['a', ['k']])
    },
  )

  it('come by a code of their own too', async () => {
    await using site = await EmulatorSite.start()
    const header = {
      producerGroup: 'p',
      topic: 'Orders',
      defaultTopic: 'TBW102',
      defaultTopicQueueNums: 4,
      queueId: 0,
      sysFlag: 0,
      bornTimestamp: 1,
      flag: 0,
      batch: true,
    }
    await site.invoke(SEND_BATCH_MESSAGE, { header, body: encodeBatchBody([entry('a'), entry('b')]) })
    expect(site.emulator.messages('Orders')).toHaveLength(2)
  })

  it('get the properties of the batch as a whole on each message in generation 4.9', async () => {
    await using site = await EmulatorSite.start({ version: '4.9' })
    await sendBatch(site, [entry('a', { TAGS: 'x' }), entry('b')], { properties: { UNIQ_KEY: 'U' } })
    const stored = await site.read('Orders')
    expect(stored.map(({ properties }) => properties)).toEqual([
      { TAGS: 'x', UNIQ_KEY: 'U', CLUSTER: 'DefaultCluster' },
      { UNIQ_KEY: 'U', CLUSTER: 'DefaultCluster' },
    ])
  })

  it('get none of them in generation 5, where the answer tells the unique key', async () => {
    await using site = await EmulatorSite.start()
    const { header } = await sendBatch(site, [entry('a', { TAGS: 'x' })], { properties: { UNIQ_KEY: 'U' } })
    expect((await site.read('Orders'))[0]?.properties).toEqual({ TAGS: 'x' })
    expect(header.transactionId).toBe('U')
  })

  it.each(['4.9', '5'] as const)('of generation %s cannot be delayed', async version => {
    await using site = await EmulatorSite.start({ version })
    await expect(sendBatch(site, [entry('a')], { properties: { DELAY: '1' } })).rejects.toMatchObject({
      responseCode: 'MESSAGE_ILLEGAL',
    })
  })

  it.each([
    ['4.9', 'MESSAGE_ILLEGAL'],
    ['5', 'SYSTEM_ERROR'],
  ] as const)('of generation %s that are too large are refused with %s, as a whole', async (version, responseCode) => {
    await using site = await EmulatorSite.start({ version, maxMessageSize: 100 })
    const entries = [entry('a'.repeat(50)), entry('b'.repeat(50))]
    await expect(sendBatch(site, entries)).rejects.toMatchObject({ responseCode })
    expect(site.emulator.messages('Orders')).toEqual([])
  })

  it('that are no batches are refused', async () => {
    await using site = await EmulatorSite.start()
    const sent = site.send('Orders', { batch: true, body: Buffer.alloc(30, 0xff) })
    await expect(sent).rejects.toMatchObject({ responseCode: 'SYSTEM_ERROR' })
  })
})
