import type { RequestOf } from '../../../../lib/commands/command'
import { QUERY_MESSAGE, VIEW_MESSAGE_BY_ID } from '../../../../lib/commands/message'
import { decodeOffsetMsgId } from '../../../../lib/wire/message-id'
import { decodeStoredMessages } from '../../../../lib/wire/stored-message-decoder'
import { EmulatorSite } from '../../../support/emulator-site'

type Header = RequestOf<typeof QUERY_MESSAGE>['header']

const textsIn = (body: Uint8Array): string[] =>
  decodeStoredMessages(Buffer.from(body), { brokerName: 'broker-a', offsetDelta: 0 }).messages.map(each => each.text())

async function find(site: EmulatorSite, header: Partial<Header>): Promise<string[] | string> {
  const bounds = { beginTimestamp: 0, endTimestamp: Number.MAX_SAFE_INTEGER, maxNum: 32 }
  const reply = await site.invoke(QUERY_MESSAGE, { header: { topic: 'Orders', key: 'k', ...bounds, ...header } })
  return reply.code === 'SUCCESS' ? textsIn(reply.body) : reply.code
}

describe('queries for messages', () => {
  it.each(['4.9', '5'] as const)('of generation %s find them by key and by unique key', async version => {
    await using site = await EmulatorSite.start({ version })
    await site.send('Orders', { body: 'one', properties: { KEYS: 'k other', UNIQ_KEY: 'U1' } })
    await site.send('Orders', { body: 'two', properties: { KEYS: 'k', UNIQ_KEY: 'U2' }, queueId: 2 })
    expect(await find(site, {})).toEqual(['one', 'two'])
    expect(await find(site, { key: 'other' })).toEqual(['one'])
    expect(await find(site, { key: 'U2', _UNIQUE_KEY_QUERY: true })).toEqual(['two'])
    expect(await find(site, { key: 'nobody' })).toBe('QUERY_NOT_FOUND')
    expect(await find(site, { topic: 'Other' })).toBe('QUERY_NOT_FOUND')
  })

  it('find no more than 64, the newest', async () => {
    await using site = await EmulatorSite.start()
    for (let i = 0; i < 70; i++) await site.send('Orders', { body: String(i), properties: { KEYS: 'k' } })
    const found = await find(site, { maxNum: 1000 })
    expect(found).toHaveLength(64)
    expect(found[63]).toBe('69')
  })

  it('find tags in generation 5 where they ask for them', async () => {
    await using site = await EmulatorSite.start()
    await site.send('Orders', { body: 'tagged', properties: { TAGS: 'k' } })
    expect(await find(site, { indexType: 'T' })).toEqual(['tagged'])
    expect(await find(site, {})).toBe('QUERY_NOT_FOUND')
  })

  it('look at times', async () => {
    await using site = await EmulatorSite.start()
    await site.send('Orders', { properties: { KEYS: 'k' } })
    expect(await find(site, { endTimestamp: 1000 })).toBe('QUERY_NOT_FOUND')
  })
})

describe('views of messages', () => {
  it('find a message by its place', async () => {
    await using site = await EmulatorSite.start()
    await site.send('Orders', { body: 'one' })
    const { header } = await site.send('Orders', { body: 'two' })
    const offset = decodeOffsetMsgId(header.msgId).commitLogOffset.toNumber()
    expect(textsIn((await site.invoke(VIEW_MESSAGE_BY_ID, { header: { offset } })).body)).toEqual(['two'])
  })

  it.each([1, 999_999])('are refused where no message begins: %i', async offset => {
    await using site = await EmulatorSite.start()
    await site.send('Orders')
    await expect(site.invoke(VIEW_MESSAGE_BY_ID, { header: { offset } })).rejects.toMatchObject({
      responseCode: 'SYSTEM_ERROR',
      remark: `can not find message by the offset, ${offset}`,
    })
  })
})
