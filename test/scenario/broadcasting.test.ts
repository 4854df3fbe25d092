import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describeScenario } from '../support/cluster'
import type { ConsumerSettings, Site } from '../support/site'

/** Members of a broadcasting group in one process are told apart by the name of their instance. */
async function broadcasting(site: Site, consumerGroup: string, instanceName: string): Promise<ConsumerSettings> {
  const localOffsetStoreDir = await site.freshFolder()
  return { consumerGroup, messageModel: 'BROADCASTING', localOffsetStoreDir, advanced: { instanceName } }
}

describeScenario('broadcasting', cluster => {
  cluster.it('gives every member every message', async site => {
    const [topic, group] = [await site.freshTopic(), site.freshGroup()]
    const producer = await site.producer()
    const options = await Promise.all(['one', 'two'].map(name => broadcasting(site, group, `${group}-${name}`)))
    const readers = await Promise.all(options.map(each => site.reader(topic, each)))
    const bodies = Array.from({ length: 100 }, (_, index) => `news ${index}`).sort()
    await Promise.all(bodies.map(body => producer.send({ topic, body })))
    for (const { inbox } of readers) {
      await inbox.first(100)
      expect(inbox.texts.sort()).toEqual(bodies)
    }
  })

  cluster.it('goes on where the member was, by a file in the form of Java', async site => {
    const [topic, group] = [await site.freshTopic(2), site.freshGroup()]
    const producer = await site.producer()
    const options = await broadcasting(site, group, group)
    const first = await site.reader(topic, options)
    await Promise.all(['a', 'b', 'c'].map(body => producer.send({ topic, body })))
    await first.inbox.first(3)
    await first.consumer.shutdown()
    const [clientFolder = ''] = await readdir(options.localOffsetStoreDir ?? '')
    const file = join(options.localOffsetStoreDir ?? '', clientFolder, group, 'offsets.json')
    const text = await readFile(file, 'utf8')
    expect(text).toMatch(new RegExp(`"topic" ?: ?"${topic}"`))
    await producer.send({ topic, body: 'while it was away' })
    const second = await site.reader(topic, options)
    await second.inbox.text('while it was away')
    expect(second.inbox.texts).toEqual(['while it was away'])
  })

  cluster.it('works with an orderly listener, without locks', async site => {
    const [topic, group] = [await site.freshTopic(1), site.freshGroup()]
    const producer = await site.producer()
    const inboxes = [site.newInbox(), site.newInbox()]
    for (const [index, inbox] of inboxes.entries()) {
      const options = await broadcasting(site, group, `${group}-${index}`)
      const consumer = site.newConsumer(options).subscribe(topic).consumeEach({ ordered: 'queue' }, inbox.take)
      await consumer.start()
    }
    for (const body of ['0', '1', '2']) await producer.send({ topic, body })
    for (const inbox of inboxes) {
      await inbox.first(3)
      expect(inbox.texts).toEqual(['0', '1', '2'])
    }
  })

  cluster.it('refuses a second member under the same instance name', async site => {
    const [topic, group] = [await site.freshTopic(1), site.freshGroup()]
    const options = await broadcasting(site, group, group)
    await site.reader(topic, options)
    await expect(site.reader(topic, options)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', group })
  })
})

describeScenario('clustering', cluster => {
  cluster.it('gives each of two groups every message, and each message to one member of each', async site => {
    const topic = await site.freshTopic()
    const producer = await site.producer()
    const groups = [site.freshGroup(), site.freshGroup()]
    const readers = await Promise.all(
      groups.map(group => Promise.all([1, 2].map(() => site.reader(topic, { consumerGroup: group })))),
    )
    const bodies = Array.from({ length: 100 }, (_, index) => `news ${index}`).sort()
    await Promise.all(bodies.map(body => producer.send({ topic, body })))
    for (const members of readers) {
      const texts = () => members.flatMap(({ inbox }) => inbox.texts)
      await site.until(() => new Set(texts()).size === 100, { what: () => `100 messages, not ${texts().length}` })
      expect([...new Set(texts())].sort()).toEqual(bodies)
    }
  })

  cluster.it('goes on where the member was, by a key, with offsets on the brokers', async site => {
    const [topic, consumerGroup] = [await site.freshTopic(2), site.freshGroup()]
    const producer = await site.producer()
    const member = (broadcastOffsetKey: string): ConsumerSettings => {
      return { consumerGroup, messageModel: 'BROADCASTING', broadcastOffsetKey }
    }
    const [first, other] = await Promise.all(['one', 'two'].map(key => site.reader(topic, member(key))))
    await Promise.all(['a', 'b', 'c'].map(body => producer.send({ topic, body })))
    await first?.inbox.first(3)
    await other?.inbox.first(3)
    await first?.consumer.shutdown()
    await producer.send({ topic, body: 'while it was away' })
    const again = await site.reader(topic, member('one'))
    await again.inbox.text('while it was away')
    expect(again.inbox.texts).toEqual(['while it was away'])
    await other?.inbox.text('while it was away')
    expect(other?.inbox.texts).toHaveLength(4)
  })
})
