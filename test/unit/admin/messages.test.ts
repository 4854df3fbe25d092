import { deflateSync } from 'node:zlib'
import { ManualClock } from '../../../lib/runtime/manual-clock'
import { AdminSite } from '../../support/admin-site'

const NOW = 1_700_000_000_000
const DAY_MS = 86_400_000
const COMPRESSED_BY_ZLIB = 0x301

const keyed = (...keys: string[]): { properties: Record<string, string> } => ({ properties: { KEYS: keys.join(' ') } })

/** An id like another one, with something else for the commit-log offset. */
const idAt = (offsetMsgId: string, offset: bigint): string =>
  offsetMsgId.slice(0, -16) + offset.toString(16).toUpperCase().padStart(16, '0')

describe('viewMessage', () => {
  it('finds the message at the address that is in its id', async () => {
    await using site = await AdminSite.start({ brokers: 2 })
    const sent = await site.frames.send('Orders', { queueId: 2, body: 'paid', properties: { KEYS: 'o-1' } })
    const message = await site.admin.viewMessage(sent.header.msgId)
    expect(message.text()).toBe('paid')
    expect(message).toMatchObject({
      topic: 'Orders',
      offsetMsgId: sent.header.msgId,
      brokerName: 'broker-a',
      queueId: 2,
      keys: ['o-1'],
    })
  })

  it('inflates the body', async () => {
    await using site = await AdminSite.start()
    const body = deflateSync('a long text')
    const { header } = await site.frames.send('Orders', { body, sysFlag: COMPRESSED_BY_ZLIB })
    expect((await site.admin.viewMessage(header.msgId)).text()).toBe('a long text')
  })

  it('tells the broker the topic, where it is given', async () => {
    await using site = await AdminSite.start()
    const { header } = await site.frames.send('Orders')
    const seen = site.seen('VIEW_MESSAGE_BY_ID')
    await site.admin.viewMessage(header.msgId, { topic: 'Orders' })
    await site.admin.viewMessage(header.msgId)
    expect(seen.map(({ request }) => request.header.topic)).toEqual(['Orders', undefined])
  })

  it('finds a message while no name server can tell the name of its broker', async () => {
    await using site = await AdminSite.start()
    const { header } = await site.frames.send('Orders')
    site.emulator.control('GET_BROKER_CLUSTER_INFO', () => ({ code: 'NO_PERMISSION' }))
    expect(await site.admin.viewMessage(header.msgId)).toMatchObject({ topic: 'Orders', brokerName: '' })
  })

  it('rejects with MESSAGE_NOT_FOUND where the broker has none', async () => {
    await using site = await AdminSite.start()
    const { header } = await site.frames.send('Orders')
    for (const offset of [1n << 40n, 0xffff_ffff_ffff_ffffn])
      await expect(site.admin.viewMessage(idAt(header.msgId, offset))).rejects.toMatchObject({
        code: 'MESSAGE_NOT_FOUND',
        address: site.frames.address,
      })
  })

  it('does not take whatever stands at an offset for the message', async () => {
    await using site = await AdminSite.start()
    const { header } = await site.frames.send('Orders')
    const record = site.emulator.messages('Orders')[0]?.commitLogOffset ?? 0
    const wrong = idAt(header.msgId, BigInt(record) + 7n)
    const { body } = await site.frames.pull('Orders')
    for (const found of [body, Buffer.alloc(200), Buffer.alloc(3)]) {
      site.emulator.control('VIEW_MESSAGE_BY_ID', () => ({ code: 'SUCCESS', body: found }))
      await expect(site.admin.viewMessage(wrong)).rejects.toMatchObject({ code: 'MESSAGE_NOT_FOUND' })
    }
  })

  it('rejects with MESSAGE_UNREADABLE where the body is damaged', async () => {
    await using site = await AdminSite.start()
    const { header } = await site.frames.send('Orders', { body: 'no zlib', sysFlag: COMPRESSED_BY_ZLIB })
    await expect(site.admin.viewMessage(header.msgId)).rejects.toMatchObject({ code: 'MESSAGE_UNREADABLE' })
  })

  it('passes a refusal on', async () => {
    await using site = await AdminSite.start()
    const { header } = await site.frames.send('Orders')
    site.emulator.control('VIEW_MESSAGE_BY_ID', () => ({ code: 'SYSTEM_ERROR', remark: 'AclException' }))
    await expect(site.admin.viewMessage(header.msgId)).rejects.toMatchObject({ responseCode: 'SYSTEM_ERROR' })
  })

  it.each(['', 'no hex', 'C00002026CB800912103698C11EF0003', `7F000001${'0'.repeat(24)}`])(
    'refuses %p, which is no offset id, before anything is sent',
    async id => {
      await using site = await AdminSite.start()
      const seen = site.seen('GET_BROKER_CLUSTER_INFO')
      await expect(site.admin.viewMessage(id)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
      await site.arrived()
      expect(seen).toEqual([])
    },
  )
})

describe('queryByKey', () => {
  it('finds the messages of every broker that have the key, newest first', async () => {
    const clock = new ManualClock(NOW)
    await using site = await AdminSite.start({ brokers: 2, clock })
    for (const [body, keys] of [
      ['first', 'o-1'],
      ['second', 'o-2'],
      ['third', 'o-1 o-2'],
    ] as const) {
      await site.frames.send('Orders', { body, properties: { KEYS: keys } })
      await clock.advance(10)
    }
    expect((await site.admin.queryByKey('Orders', 'o-1')).map(message => message.text())).toEqual(['third', 'first'])
    expect((await site.admin.queryByKey('Orders', 'o-1', { maxNum: 1 })).map(message => message.text())).toEqual([
      'third',
    ])
    expect(await site.admin.queryByKey('Orders', 'o-3')).toEqual([])
  })

  it('finds no more than asked for, however many brokers there are', async () => {
    await using site = await AdminSite.start({ topics: { Orders: 1 } })
    for (let i = 0; i < 3; i++) await site.frames.send('Orders', keyed('k'))
    const { body } = await site.frames.pull('Orders')
    const header = { indexLastUpdateTimestamp: 0, indexLastUpdatePhyoffset: 0 }
    site.emulator.control('QUERY_MESSAGE', () => ({ code: 'SUCCESS', header, body }))
    expect(await site.admin.queryByKey('Orders', 'k', { maxNum: 2 })).toHaveLength(2)
  })

  it('leaves out messages that only have the same hash', async () => {
    await using site = await AdminSite.start({ topics: { Orders: 1, Bills: 1 } })
    for (const keys of ['AaAa', 'BBBB', 'AaAaX']) await site.frames.send('Orders', keyed(keys))
    await site.frames.send('Bills', keyed('BBBB'))
    const found = await Promise.all(['Orders', 'Bills'].map(topic => site.frames.pull(topic)))
    const body = Buffer.concat(found.map(reply => reply.body))
    const header = { indexLastUpdateTimestamp: 0, indexLastUpdatePhyoffset: 0 }
    site.emulator.control('QUERY_MESSAGE', () => ({ code: 'SUCCESS', header, body }))
    const messages = await site.admin.queryByKey('Orders', 'BBBB')
    expect(messages.map(({ topic, keys }) => [topic, keys])).toEqual([['Orders', ['BBBB']]])
  })

  it('keeps to the bounds to the millisecond, whatever the index does', async () => {
    const clock = new ManualClock(NOW)
    await using site = await AdminSite.start({ clock })
    for (let i = 0; i < 4; i++) {
      await site.frames.send('Orders', { body: String(i), ...keyed('k') })
      await clock.advance(10)
    }
    const seen = site.seen('QUERY_MESSAGE')
    const options = { begin: new Date(NOW + 10), end: NOW + 20 }
    const found = await site.admin.queryByKey('Orders', 'k', options)
    expect(found.map(message => message.text())).toEqual(['2', '1'])
    expect(seen[0]?.request.header).toMatchObject({ beginTimestamp: NOW + 10 - 1000, endTimestamp: NOW + 20 })
  })

  it('asks for keys, up to a day from now', async () => {
    const clock = new ManualClock(NOW)
    await using site = await AdminSite.start({ clock })
    const seen = site.seen('QUERY_MESSAGE')
    await site.admin.queryByKey('Orders', 'k')
    expect(seen[0]?.request.header).toMatchObject({
      topic: 'Orders',
      key: 'k',
      maxNum: 64,
      beginTimestamp: 0,
      endTimestamp: NOW + DAY_MS,
      indexType: 'K',
      bname: 'broker-a',
    })
    expect(seen[0]?.request.header._UNIQUE_KEY_QUERY).toBeUndefined()
  })

  it('rejects where a broker sends what are no messages, or cannot be inflated', async () => {
    await using site = await AdminSite.start()
    const header = { indexLastUpdateTimestamp: 0, indexLastUpdatePhyoffset: 0 }
    site.emulator.control('QUERY_MESSAGE', () => ({ code: 'SUCCESS', header, body: Buffer.alloc(200) }))
    await expect(site.admin.queryByKey('Orders', 'k')).rejects.toMatchObject({
      code: 'PROTOCOL_ERROR',
      brokerName: 'broker-a',
    })
    await site.frames.send('Orders', { body: 'no zlib', sysFlag: COMPRESSED_BY_ZLIB, ...keyed('k') })
    await expect(site.admin.queryByKey('Orders', 'k')).rejects.toMatchObject({ code: 'MESSAGE_UNREADABLE' })
  })

  it('rejects for an unknown topic', async () => {
    await using site = await AdminSite.start()
    await expect(site.admin.queryByKey('Bills', 'k')).rejects.toMatchObject({ code: 'TOPIC_NOT_FOUND' })
  })

  it('refuses wrong input before anything is sent', async () => {
    await using site = await AdminSite.start()
    const seen = site.seen('GET_ROUTEINFO_BY_TOPIC')
    const { admin } = site
    const calls = [
      () => admin.queryByKey('Orders', ''),
      () => admin.queryByKey('Orders', 'k', { maxNum: 0 }),
      () => admin.queryByKey('Orders', 'k', { begin: -1 }),
      () => admin.queryByKey('Orders', 'k', { begin: 2, end: 1 }),
      () => admin.queryByUniqueKey('Orders', ''),
    ]
    for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await expect(admin.queryByKey('a b', 'k')).rejects.toMatchObject({ code: 'INVALID_TOPIC' })
    await site.arrived()
    expect(seen).toEqual([])
  })
})

describe('queryByUniqueKey', () => {
  it('finds every message that a send has stored, newest first', async () => {
    const clock = new ManualClock(NOW)
    await using site = await AdminSite.start({ clock })
    const properties = { UNIQ_KEY: 'C00002026CB800912103698C11EF0003', KEYS: 'o-1' }
    for (const body of ['first', 'again']) {
      await site.frames.send('Orders', { body, properties })
      await clock.advance(10)
    }
    await site.frames.send('Orders', keyed(properties.UNIQ_KEY))
    const seen = site.seen('QUERY_MESSAGE')
    const found = await site.admin.queryByUniqueKey('Orders', properties.UNIQ_KEY)
    expect(found.map(message => message.text())).toEqual(['again', 'first'])
    expect(seen[0]?.request.header).toMatchObject({
      key: properties.UNIQ_KEY,
      maxNum: 32,
      indexType: 'U',
      _UNIQUE_KEY_QUERY: true,
    })
  })

  it('looks three days back unless told otherwise', async () => {
    const clock = new ManualClock(NOW)
    await using site = await AdminSite.start({ clock })
    const id = 'C00002026CB800912103698C11EF0003'
    await site.frames.send('Orders', { properties: { UNIQ_KEY: id } })
    clock.stepWallClock(3 * DAY_MS)
    expect(await site.admin.queryByUniqueKey('Orders', id)).toHaveLength(1)
    clock.stepWallClock(1)
    expect(await site.admin.queryByUniqueKey('Orders', id)).toEqual([])
    expect(await site.admin.queryByUniqueKey('Orders', id, { begin: NOW })).toHaveLength(1)
  })
})
