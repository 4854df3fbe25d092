import { type Cluster, describeSideBySide } from '../support/cluster'
import { PopClient } from '../support/pop-client'
import { handleOf } from '../support/pops'
import type { Site } from '../support/site'

/** Messages are hidden for so long, and come again some seconds later. */
const INVISIBLE_MS = 3000

const texts = (messages: readonly { text(): string }[]): string[] => messages.map(message => message.text())

/** A group that has popped messages `0`, `1` and so on of a topic with one queue. */
async function popped(site: Site, count: number, rest: Parameters<PopClient['pop']>[0] = {}) {
  const topic = await site.freshTopic(1)
  const producer = await site.producer()
  for (let i = 0; i < count; i++) await producer.send({ topic, body: String(i) })
  await site.stored(topic, count)
  const client = await PopClient.open(site, topic)
  const { messages } = await client.pop({ invisibleTime: INVISIBLE_MS, ...rest })
  expect(texts(messages)).toEqual(Array.from({ length: count }, (_, i) => String(i)))
  return { client, messages }
}

/** All that comes again, as long as something does. */
async function comesAgain(client: PopClient): Promise<string[]> {
  const all: string[] = []
  for (;;) {
    const { messages } = await client.pop({ pollTime: all.length === 0 ? 20_000 : 4000 })
    if (messages.length === 0) return all
    all.push(...messages.map(message => `${message.text()} x${message.reconsumeTimes}`))
  }
}

function define(cluster: Cluster): void {
  if (cluster.version === '4.9') {
    cluster.skip('messages are popped', 'brokers of 4.9 cannot')
    return
  }

  cluster.it('what is acknowledged does not come again, and the rest does', async site => {
    const { client, messages } = await popped(site, 4)
    await client.ack(handleOf(messages[0]))
    await client.ackAll([messages[2], messages[3]].map(handleOf))
    expect(await comesAgain(client)).toEqual(['1 x1'])
  })

  cluster.it('what was hidden for longer comes later, and its first handle is worth nothing', async site => {
    const { client, messages } = await popped(site, 3)
    const first = handleOf(messages[0])
    const later = await client.hide(first, 9000, true)
    expect(later).toMatchObject({ ckQueueOffset: 0, invisibleTime: 9000 })
    await client.hide(handleOf(messages[1]), 9000)
    await client.ack(first)
    const { messages: soon } = await client.pop()
    expect(texts(soon)).toEqual(['2'])
    await client.ack(handleOf(soon[0]))
    expect((await comesAgain(client)).sort()).toEqual(['0 x0', '1 x1'])
  })

  cluster.it('a handle that was renewed acknowledges, also in the retry topic', async site => {
    const { client, messages } = await popped(site, 2)
    await client.ack(await client.hide(handleOf(messages[0]), 5000))
    const { messages: again } = await client.pop({ invisibleTime: INVISIBLE_MS })
    expect(again).toMatchObject([{ reconsumeTimes: 1 }])
    expect(handleOf(again[0])).toMatchObject({ retry: '1', queueOffset: 0 })
    await client.ack(await client.hide(handleOf(again[0]), 5000))
    expect((await client.pop({ pollTime: 12_000 })).messages).toEqual([])
  })

  cluster.it('who waits for messages hears of those that come again', async site => {
    const { client } = await popped(site, 1)
    expect(await client.hasMessages()).toBe(false)
    const { messages, restNum } = await client.pop()
    expect([texts(messages), restNum]).toEqual([['0'], 0])
    expect(await client.hasMessages()).toBe(false)
  })

  cluster.it('in order, nothing behind a message comes before it was acknowledged or its time is over', async site => {
    const inOrder = { order: true, queueId: 0, invisibleTime: INVISIBLE_MS }
    const { client, messages } = await popped(site, 3, inOrder)
    await client.ack(handleOf(messages[0]))
    expect((await client.pop({ ...inOrder, pollTime: 0 })).messages).toEqual([])
    const { messages: again } = await client.pop(inOrder)
    expect(again.map(message => [message.text(), message.reconsumeTimes])).toEqual([
      ['1', 1],
      ['2', 1],
    ])
    await client.hide(handleOf(again[0]), 0)
    await client.ack(handleOf(again[1]))
    const { messages: third } = await client.pop(inOrder)
    expect(third.map(message => [message.text(), message.reconsumeTimes])).toEqual([
      ['1', 2],
      ['2', 2],
    ])
    await client.ackAll(third.map(handleOf))
    expect((await client.pop({ ...inOrder, pollTime: 3000 })).messages).toEqual([])
  })
}

describeSideBySide('the requests of POP', define)
