import type { Site } from '../support/site'
import { answered } from '../support/until'
import { adminToolOf } from './real/admin-tool'
import type { JavaPeer } from './real/java-peer'
import { describeWithJava } from './with-java'

/** The tool of 5.x asks for the settings of a topic first, of which brokers of 4.9 do not tell. */
function fits(site: Site, peer: JavaPeer): boolean {
  return site.version === '5' || peer.version === '4.9.4'
}

/** Lines that the tool has printed, those that begin with `first` only, as words. */
function rows(printed: string, first: string): string[][] {
  const lines = printed.split('\n').map(line => line.trim().split(/\s+/))
  return lines.filter(([word]) => word === first)
}

describeWithJava('the real admin tool', it => {
  it('creates a topic that can be used at once, and deletes it', async (site, peer) => {
    const [tool, topic] = [adminToolOf(peer, site.namesrvAddr), `Tool-${site.freshGroup()}`]
    const printed = await tool('updateTopic', '-t', topic, '-c', 'DefaultCluster', '-r', '3', '-w', '3')
    expect(printed).toMatch(/create topic to \S+ success/)
    const [producer, { inbox }] = await Promise.all([site.producer(), site.reader(topic)])
    expect(await producer.publishMessageQueues(topic)).toHaveLength(3)
    await producer.send({ topic, body: 'at once' })
    await inbox.text('at once')
    expect(await tool('topicRoute', '-t', topic)).toContain('"writeQueueNums":3')
    expect(await tool('deleteTopic', '-t', topic, '-c', 'DefaultCluster')).toContain('from NameServer success')
    const route = (await site.admin()).topicRoute(topic)
    await expect(route).rejects.toMatchObject({ code: 'TOPIC_NOT_FOUND' })
  })

  it('sends what a listener of ours reads: sendMessage', async (site, peer) => {
    const topic = await site.freshTopic(1)
    const { inbox } = await site.reader(topic)
    const tool = adminToolOf(peer, site.namesrvAddr)
    const printed = await tool('sendMessage', '-t', topic, '-p', '你好 订单', '-k', 'k1', '-c', '标签')
    expect(printed).toContain('SEND_OK')
    const message = await inbox.text('你好 订单')
    expect(message).toMatchObject({ tags: '标签', keys: ['k1'] })
    expect(printed).toContain(message.msgId)
  })

  it('reads what we send: consumeMessage', async (site, peer) => {
    const topic = await site.freshTopic(1)
    const producer = await site.producer()
    const large = '大'.repeat(3000)
    for (const body of ['你好 订单', large]) await producer.send({ topic, body, properties: { 城市: '杭州' } })
    await site.stored(topic, 2)
    const lines = (await adminToolOf(peer, site.namesrvAddr)('consumeMessage', '-t', topic)).split('\n')
    const read = lines.filter(line => line.startsWith('MSGID'))
    expect(read.map(line => line.split(' BODY: ')[1])).toEqual(['你好 订单', large])
    for (const line of read) expect(line).toContain('城市=杭州')
  })

  it('tells the progress and the members of a group of ours: consumerProgress, consumerConnection', async (site, peer) => {
    const [tool, topic, group] = [adminToolOf(peer, site.namesrvAddr), await site.freshTopic(1), site.freshGroup()]
    const [producer, { consumer, inbox }] = await Promise.all([
      site.producer(),
      site.reader(topic, { consumerGroup: group }),
    ])
    for (const body of ['1', '2', '3']) await producer.send({ topic, body })
    await inbox.first(3)
    const admin = await site.admin()
    const stats = (): ReturnType<typeof admin.consumeStats> => admin.consumeStats(group, { topic })
    await answered(stats, ({ queues, lag }) => queues.length === 1 && lag === 0, { what: 'the commit' })
    if (fits(site, peer)) {
      const [row] = rows(await tool('consumerProgress', '-g', group), topic)
      expect(row?.slice(1, 6)).toEqual([expect.any(String), '0', '3', '3', '0'])
    }
    const connection = await tool('consumerConnection', '-g', group)
    expect(connection).toContain(consumer.clientId)
    expect(connection).toMatch(new RegExp(`${topic} +\\*`))
  })

  it('tells what a topic holds, who reads it, and what brokers there are', async (site, peer) => {
    const [tool, topic, group] = [adminToolOf(peer, site.namesrvAddr), await site.freshTopic(1), site.freshGroup()]
    const [producer] = await Promise.all([site.producer(), site.reader(topic, { consumerGroup: group })])
    const { messageQueue } = await producer.send({ topic, body: 'm' })
    await site.stored(topic, 1)
    if (fits(site, peer)) {
      const [range] = rows(await tool('topicStatus', '-t', topic), messageQueue.brokerName)
      expect(range?.slice(0, 4)).toEqual([messageQueue.brokerName, '0', '0', '1'])
    }
    expect(await tool('topicList', '-c')).toMatch(new RegExp(`${topic} +${group}`))
    expect(await tool('clusterList')).toMatch(new RegExp(`DefaultCluster +${messageQueue.brokerName} +0 +\\S+ +V\\d`))
  })
})
