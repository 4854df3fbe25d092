import * as zlib from 'node:zlib'
import type { Message, MessageExt, Producer, SendOptions, SendResult } from '../../lib/index'
import type { Site } from '../support/site'
import { byPlace, javaView, ourView } from './java-view'
import type { JavaPeer, JavaSendMode, JavaSendResult } from './real/java-peer'
import type { JavaReader } from './real/java-reader'
import { describeWithJava, javaReader } from './with-java'

const LARGE = '大'.repeat(3000)
const QUEUES = 4

/** Everything that a message of ours may carry, with the text of its form as body. */
function fullMessage(topic: string, body: string): Message {
  const properties = { region: 'eu', 城市: '杭州', emoji: '🚀' }
  return { topic, body, tags: '已支付', keys: [`key of ${body}`, 'all'], properties, flag: -7, buyerId: 'b-1' }
}

/** Sends in every form there is, and resolves with the number of messages. */
async function sendEveryForm(producer: Producer, topic: string): Promise<number> {
  const send = (body: string, extra: Partial<Message> = {}, options: SendOptions = {}): Promise<SendResult> =>
    producer.send({ ...fullMessage(topic, body), ...extra }, options)
  const queues = await producer.publishMessageQueues(topic)
  await send('send')
  await send('bare', { tags: undefined, keys: undefined, properties: undefined, flag: 0, buyerId: undefined } as never)
  await send(LARGE)
  await send('订单', { encoding: 'gb18030' })
  await send('not to wait for', { waitStoreMsgOK: false })
  await send('queue', {}, { queue: queues[1] as (typeof queues)[1] })
  await send('selector', {}, { selector: (all, _, arg) => all[Number(arg)] as (typeof queues)[0], arg: 2 })
  await send('sharding key', {}, { shardingKey: '客户-1' })
  await send('delayed', { delayTimeLevel: 1 })
  await producer.send(['batch 1', 'batch 2', 'batch 3'].map(body => fullMessage(topic, body)))
  await producer.sendOneway(fullMessage(topic, 'oneway'))
  await new Promise<void>((resolve, reject) => {
    producer.sendAsync(fullMessage(topic, 'async'), error => (error === undefined ? resolve() : reject(error)))
  })
  return 14
}

interface Readers {
  readonly topic: string
  readonly java: JavaReader
  readonly ours: { readonly messages: MessageExt[]; first(count: number): Promise<MessageExt[]> }
}

/** A fresh topic that a listener of each client reads. */
async function bothReading(site: Site, peer: JavaPeer): Promise<Readers> {
  const topic = await site.freshTopic(QUEUES)
  const java = await javaReader(site, peer, topic)
  const { inbox } = await site.reader(topic)
  return { topic, java, ours: inbox }
}

const COUNT: Record<JavaSendMode, number> = {
  sync: 6,
  async: 20,
  oneway: 6,
  batch: 6,
  ordered: 12,
  delayed: 3,
  lz4: 2,
  zstd: 2,
}
const COMPRESS_TYPES = ['ZLIB', 'LZ4', ...('zstdCompress' in zlib ? (['ZSTD'] as const) : [])] as const
/** The second one is inflated in another thread here. */
const LARGE_BODIES = [LARGE, '订单,order;'.repeat(40_000)]

describeWithJava('messages', it => {
  it('of ours are the same to a Java listener as to one of ours, in every field', async (site, peer) => {
    const { topic, java, ours } = await bothReading(site, peer)
    const count = await sendEveryForm(await site.producer(), topic)
    const [seen, received] = await Promise.all([java.first(count), ours.first(count)])
    expect(byPlace(seen.map(javaView))).toEqual(byPlace(received.map(ourView)))
    const sent = ['send', 'bare', LARGE, 'not to wait for', 'queue', 'selector', 'sharding key', 'delayed']
    const texts = [...sent, 'batch 1', 'batch 2', 'batch 3', 'oneway', 'async']
    expect(java.texts).toEqual(expect.arrayContaining(texts))
    const { tags, keys, flag, buyerId, properties } = fullMessage(topic, 'send')
    expect(seen[java.texts.indexOf('send')]).toMatchObject({
      topic,
      tags,
      keys: (keys as string[]).join(' '),
      flag,
      reconsumeTimes: 0,
      properties: { ...properties, BUYER_ID: buyerId, TAGS: tags },
    })
    const gb18030 = Buffer.from([0xb6, 0xa9, 0xb5, 0xa5]).toString('base64')
    expect(seen.map(({ body }) => body)).toContain(gb18030)
  })

  for (const compressType of COMPRESS_TYPES) {
    it(`of ours compressed by ${compressType} are the same to a Java listener`, async (site, peer) => {
      const { topic, java, ours } = await bothReading(site, peer)
      const producer = await site.producer({ compressType })
      for (const body of LARGE_BODIES) await producer.send({ topic, body })
      const [seen, received] = await Promise.all([java.first(2), ours.first(2)])
      expect(java.texts.toSorted()).toEqual(LARGE_BODIES.toSorted())
      expect(byPlace(seen.map(javaView))).toEqual(byPlace(received.map(ourView)))
      for (const { storeSize } of received) expect(storeSize).toBeLessThan(4000)
    })
  }

  it('of ours come to an orderly Java listener in the order of their sharding key', async (site, peer) => {
    const topic = await site.freshTopic(QUEUES)
    const java = await javaReader(site, peer, topic, { mode: 'orderly' })
    const producer = await site.producer()
    for (let step = 0; step < 10; step++)
      await Promise.all(
        ['a', 'b', 'c'].map(key => producer.send({ topic, body: `${key}${step}` }, { shardingKey: key })),
      )
    await java.first(30)
    for (const key of ['a', 'b', 'c'])
      expect(java.texts.filter(text => text.startsWith(key))).toEqual(
        Array.from({ length: 10 }, (_, i) => `${key}${i}`),
      )
  })

  it('of ours are filtered by a Java listener by their tags', async (site, peer) => {
    const topic = await site.freshTopic(QUEUES)
    const java = await javaReader(site, peer, topic, { expression: 'paid || 已退款' })
    const producer = await site.producer()
    for (const tags of ['paid', 'open', '已退款', 'Paid']) await producer.send({ topic, tags, body: tags })
    await producer.send({ topic, body: 'none' })
    await producer.send({ topic, tags: 'paid', body: 'last' })
    await site.until(() => java.texts.includes('last') && java.texts.length >= 3, { what: 'the messages of two tags' })
    expect(java.texts.sort()).toEqual(['last', 'paid', '已退款'])
  })

  it('of ours come to a Java listener after the delay of their level', async (site, peer) => {
    const topic = await site.freshTopic(1)
    const java = await javaReader(site, peer, topic)
    const producer = await site.producer()
    const { msgId } = await producer.send({ topic, body: 'later', delayTimeLevel: 1 })
    const [message] = await java.first(1)
    expect(message).toMatchObject({ msgId, topic, delayTimeLevel: 1 })
    const waited = Number(message?.storeTimestamp) - Number(message?.bornTimestamp)
    expect(waited).toBeGreaterThanOrEqual(950)
    // The next level is 5 s.
    expect(waited).toBeLessThan(5000)
  })

  for (const [mode, count] of Object.entries(COUNT) as [JavaSendMode, number][]) {
    it(`that Java sent ${mode} come to a listener of ours with every field`, async (site, peer) => {
      const { topic, java, ours } = await bothReading(site, peer)
      const results = await peer.send(site.namesrvAddr, topic, count, mode)
      const [seen, received] = await Promise.all([java.first(count), ours.first(count)])
      expect(byPlace(received.map(ourView))).toEqual(byPlace(seen.map(javaView)))
      const byIndex = received.toSorted((a, b) => a.flag - b.flag)
      for (const [i, message] of byIndex.entries()) {
        const text = `${mode} ${i} 订单`
        expect(message.text()).toBe(i === 0 && mode !== 'batch' ? text.repeat(1000) : text)
        expect(message).toMatchObject({
          topic,
          tags: i % 2 === 0 ? 'even' : 'odd',
          keys: [`key-${i}`, 'all'],
          flag: i,
          delayTimeLevel: mode === 'delayed' ? 1 : 0,
          properties: { index: String(i), 城市: '杭州', BUYER_ID: `buyer-${i}` },
        })
      }
      // With a client that gives the batch an id too, a broker of 4.9 gives that id to each of its messages.
      const idsDiffer = mode === 'batch' && site.version === '4.9' && peer.version === '5.5.0'
      if (mode !== 'oneway') expectResults(results, byIndex, idsDiffer)
    })
  }

  it('of Java come to an orderly listener of ours in the order of their queues', async (site, peer) => {
    const topic = await site.freshTopic(QUEUES)
    const inbox = site.newInbox()
    const consumer = site.newConsumer().subscribe(topic, 'even || odd').consumeEach({ ordered: 'queue' }, inbox.take)
    await consumer.start()
    await peer.send(site.namesrvAddr, topic, 40, 'ordered')
    const messages = await inbox.first(40)
    for (let queueId = 0; queueId < QUEUES; queueId++) {
      const flags = messages.filter(message => message.queueId === queueId).map(({ flag }) => flag)
      expect(flags).toEqual(Array.from({ length: 10 }, (_, i) => i * QUEUES + queueId))
    }
  })

  it('of Java are filtered by a listener of ours by their tags', async (site, peer) => {
    const topic = await site.freshTopic(QUEUES)
    const { inbox } = await site.reader(topic, { expression: 'odd' })
    await peer.send(site.namesrvAddr, topic, 8, 'sync')
    const messages = await inbox.first(4)
    expect(messages.map(({ flag }) => flag).sort()).toEqual([1, 3, 5, 7])
  })
})

/** Answers of a batch name all of its messages; other ones one each. */
function expectResults(results: readonly JavaSendResult[], messages: readonly MessageExt[], idsDiffer: boolean): void {
  const told = results.flatMap(({ msgId, offsetMsgId, sendStatus }) => {
    const offsetMsgIds = offsetMsgId.split(',')
    return msgId.split(',').map((id, i) => ({ sendStatus, msgId: id, offsetMsgId: offsetMsgIds[i] }))
  })
  const isDelayed = messages[0]?.delayTimeLevel === 1
  // A delayed message is stored a second time when its time has come.
  const expected = messages.map(({ msgId, offsetMsgId }) => ({
    sendStatus: 'SEND_OK',
    msgId: idsDiffer ? expect.any(String) : msgId,
    offsetMsgId: isDelayed ? expect.any(String) : offsetMsgId,
  }))
  expect(told).toEqual(expected)
}
