import { describeScenario } from '../support/cluster'

/** Comes last in the one queue of a topic, so that everything before it has come or never will. */
const LAST = 'last'

describeScenario('tags', cluster => {
  cluster.it('let a group have the messages of the tags it names, and no untagged ones', async site => {
    const topic = await site.freshTopic(1)
    const producer = await site.producer()
    const { inbox } = await site.reader(topic, { expression: 'paid || refunded' })
    for (const tags of ['paid', 'open', 'refunded', 'paid2', undefined]) {
      await producer.send({ topic, body: String(tags), ...(tags === undefined ? {} : { tags }) })
    }
    await producer.send({ topic, body: LAST, tags: 'paid' })
    await inbox.text(LAST)
    expect(inbox.texts).toEqual(['paid', 'refunded', LAST])
    expect(inbox.messages.map(message => message.tags)).toEqual(['paid', 'refunded', 'paid'])
  })

  cluster.it('let a group of * have all messages, untagged ones too', async site => {
    const topic = await site.freshTopic(1)
    const producer = await site.producer()
    const [all, everything] = await Promise.all([site.reader(topic, { expression: '*' }), site.reader(topic)])
    await producer.send({ topic, body: 'tagged', tags: 'paid' })
    await producer.send({ topic, body: LAST })
    for (const { inbox } of [all, everything]) {
      await inbox.text(LAST)
      expect(inbox.texts).toEqual(['tagged', LAST])
    }
  })

  // Brokers compare the hashes of tags, so they deliver both.
  cluster.it('tell "AaAa" from "BBBB", whose Java hashes are equal', async site => {
    const topic = await site.freshTopic(1)
    const producer = await site.producer()
    const { inbox } = await site.reader(topic, { expression: 'AaAa' })
    await producer.send({ topic, body: 'other', tags: 'BBBB' })
    await producer.send({ topic, body: 'wanted', tags: 'AaAa' })
    await producer.send({ topic, body: LAST, tags: 'AaAa' })
    await inbox.text(LAST)
    expect(inbox.texts).toEqual(['wanted', LAST])
  })

  cluster.it('give two groups with different expressions what each of them named', async site => {
    const topic = await site.freshTopic(1)
    const producer = await site.producer()
    const [a, b] = await Promise.all([
      site.reader(topic, { expression: 'A || last' }),
      site.reader(topic, { expression: 'B||last' }),
    ])
    for (const tags of ['A', 'B', 'C', LAST]) await producer.send({ topic, body: tags, tags })
    await Promise.all([a.inbox.text(LAST), b.inbox.text(LAST)])
    expect([a.inbox.texts, b.inbox.texts]).toEqual([
      ['A', LAST],
      ['B', LAST],
    ])
  })
})
