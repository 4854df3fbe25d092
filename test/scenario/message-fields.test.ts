import { randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { Message, MessageExt } from '../../lib/index'
import { describeScenario } from '../support/cluster'
import type { Site } from '../support/site'

const FOUR_MIB = 4 * 1024 * 1024

/** Sends a message and resolves with it as it was received. */
async function roundTrip(site: Site, message: Omit<Message, 'topic'>): Promise<MessageExt> {
  const topic = await site.freshTopic(1)
  const [producer, { inbox }] = await Promise.all([site.producer(), site.reader(topic)])
  await producer.send({ ...message, topic })
  const [received] = await inbox.first(1)
  return received as MessageExt
}

describeScenario('the fields of a message', cluster => {
  cluster.it('arrive as they were sent', async site => {
    const message = {
      body: Buffer.from([0, 1, 2, 255, 254, 0]),
      tags: 'paid',
      keys: ['order-1', 'customer-2'],
      properties: { region: 'eu', 'with space': 'a b', 中文名: '值', emoji: '🚀' },
      flag: -5,
      shardingKey: 'customer-2',
      buyerId: 'b-1',
    }
    const received = await roundTrip(site, message)
    expect(received.body).toEqual(message.body)
    expect(received).toMatchObject({
      tags: 'paid',
      keys: ['order-1', 'customer-2'],
      properties: { ...message.properties, TAGS: 'paid', KEYS: 'order-1 customer-2', BUYER_ID: 'b-1' },
      flag: -5,
      shardingKey: 'customer-2',
      reconsumeTimes: 0,
      delayTimeLevel: 0,
      preparedTransactionOffset: 0,
    })
  })

  cluster.it('tell when, from where and to where it went', async site => {
    const topic = await site.freshTopic(1)
    const [producer, { inbox }] = await Promise.all([site.producer(), site.reader(topic)])
    const before = Date.now()
    const result = await producer.send({ topic, body: 'when and where' })
    const after = Date.now()
    const message = await inbox.text('when and where')
    expect(message.bornTimestamp).toBeGreaterThanOrEqual(before)
    expect(message.bornTimestamp).toBeLessThanOrEqual(after)
    expect(message.storeTimestamp).toBeGreaterThanOrEqual(message.bornTimestamp)
    expect(message.storeTimestamp).toBeLessThanOrEqual(after)
    expect(message.bornHost).toMatch(/^127\.0\.0\.1:\d+$/)
    expect(message.storeHost).toMatch(/^127\.0\.0\.1:\d+$/)
    expect(message.brokerName).toBe(result.messageQueue.brokerName)
    // The broker's id holds its address and the place in its commit log.
    expect(result.offsetMsgId.slice(16)).toBe(message.commitLogOffset.toString(16).toUpperCase().padStart(16, '0'))
    expect(result.msgId).toMatch(/^[0-9A-F]{32}$/)
    expect(message.properties).toMatchObject({ UNIQ_KEY: result.msgId })
    expect(message.bodyCRC).toBe(crc32(Buffer.from('when and where')) & 0x7fffffff)
    expect(message.storeSize).toBeGreaterThan('when and where'.length + topic.length)
  })

  cluster.it('hold Chinese text in body, tags, keys and properties', async site => {
    const received = await roundTrip(site, {
      body: '订单已支付：￥42 元 🎉',
      tags: '已支付',
      keys: '订单-1',
      properties: { 城市: '杭州' },
    })
    expect(received.text()).toBe('订单已支付：￥42 元 🎉')
    expect(received).toMatchObject({ tags: '已支付', keys: ['订单-1'], properties: { 城市: '杭州' } })
  })

  cluster.it('hold text in the encoding that it names', async site => {
    const received = await roundTrip(site, { body: '中文', encoding: 'gbk' })
    expect(received.body).toEqual(Buffer.from([0xd6, 0xd0, 0xce, 0xc4]))
    expect(received.text('gbk')).toBe('中文')
  })

  cluster.it('hold JSON', async site => {
    const received = await roundTrip(site, { body: JSON.stringify({ id: 1, names: ['甲'] }) })
    expect(received.json()).toEqual({ id: 1, names: ['甲'] })
  })
})

describeScenario('the size of a body', cluster => {
  cluster.it('may be 4 MiB', async site => {
    const body = Buffer.alloc(FOUR_MIB, 'rocketwire ')
    const received = await roundTrip(site, { body })
    expect(received.body.equals(body)).toBe(true)
  })

  cluster.it('may be large where it cannot be compressed', async site => {
    const body = randomBytes(FOUR_MIB)
    const received = await roundTrip(site, { body })
    expect(received.body.equals(body)).toBe(true)
  })

  cluster.it('is smaller on the wire from 4096 bytes on, and the same again for the listener', async site => {
    const topic = await site.freshTopic(1)
    const [producer, { inbox }] = await Promise.all([site.producer(), site.reader(topic)])
    const body = Buffer.alloc(4096, '0123456789')
    const sent = Buffer.from(body)
    await producer.send({ topic, body })
    await producer.send({ topic, body: body.subarray(1) })
    const [large, small] = (await inbox.first(2)) as [MessageExt, MessageExt]
    expect([large.body, small.body]).toEqual([sent, sent.subarray(1)])
    expect(body).toEqual(sent)
    expect(large.storeSize).toBeLessThan(1024)
    expect(small.storeSize).toBeGreaterThan(4095)
  })

  cluster.it('is never 0', async site => {
    const producer = await site.producer()
    const topic = await site.freshTopic(1)
    const refused = { code: 'INVALID_MESSAGE', message: expect.stringContaining('the body is empty') }
    await expect(producer.send({ topic, body: '' })).rejects.toMatchObject(refused)
    await expect(producer.send({ topic, body: Buffer.alloc(0) })).rejects.toMatchObject(refused)
    await expect(producer.sendOneway({ topic, body: '' })).rejects.toMatchObject(refused)
    await expect(
      producer.send([
        { topic, body: 'full' },
        { topic, body: '' },
      ]),
    ).rejects.toMatchObject(refused)
  })
})
