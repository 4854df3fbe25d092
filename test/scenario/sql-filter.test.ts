import { MessageSelector } from '../../lib/index'
import { describeOwnCluster, describeScenario } from '../support/cluster'
import type { Site } from '../support/site'
import { answered } from '../support/until'

/** Comes last in the one queue of a topic, so that everything before it has come or never will. */
const LAST = 'last'

const MESSAGES: Record<string, Record<string, string>> = {
  cheap: { amount: '5', region: 'eu' },
  dear: { amount: '50', region: 'us' },
  exact: { amount: '10.5', region: "côte d'azur" },
  strange: { amount: 'much', region: 'eu' },
  flagged: { urgent: 'true', amount: '9007199254740993' },
  plain: {},
}

async function topicWithMessages(site: Site): Promise<string> {
  const topic = await site.freshTopic(1)
  const producer = await site.producer()
  for (const [body, properties] of Object.entries(MESSAGES)) await producer.send({ topic, body, properties, tags: 'T' })
  await producer.send({ topic, body: LAST, properties: { end: '1' }, tags: 'last' })
  return topic
}

describeScenario('conditions over properties', cluster => {
  cluster.it(
    'give each group what its condition is true of, and neither what is unknown nor what fails',
    async site => {
      const topic = await topicWithMessages(site)
      const conditions: Record<string, readonly string[]> = {
        'amount > 7': ['dear'],
        'amount > 7.5': ['dear', 'exact', 'flagged'],
        'amount BETWEEN 10.5 AND 50.0': ['dear', 'exact'],
        'amount = 9007199254740993': ['flagged'],
        "region = 'eu'": ['cheap', 'strange'],
        "region <> 'eu'": ['dear', 'exact'],
        "NOT (region = 'eu')": ['dear', 'exact'],
        "region IN ('us', 'côte d''azur')": ['dear', 'exact'],
        'region IS NULL': ['flagged', 'plain'],
        "urgent = TRUE OR region = 'us'": ['dear', 'flagged'],
        "TAGS = 'T' AND amount IS NULL": ['plain'],
        FALSE: [],
      }
      const readers = await Promise.all(
        Object.keys(conditions).map(sql => site.reader(topic, { expression: { sql92: `(${sql}) OR end = '1'` } })),
      )
      await Promise.all(readers.map(({ inbox }) => inbox.text(LAST)))
      const received = readers.map(({ inbox }, i) => [Object.keys(conditions)[i], inbox.texts.slice(0, -1)])
      expect(Object.fromEntries(received)).toEqual(conditions)
      expect(site.backgroundErrors).toEqual([])
    },
  )

  cluster.it('may come by a selector, as expressions of tags may', async site => {
    const topic = await topicWithMessages(site)
    const [sql, tag] = await Promise.all([
      site.reader(topic, { expression: MessageSelector.bySql("urgent IS NOT NULL OR end = '1'") }),
      site.reader(topic, { expression: MessageSelector.byTag('last') }),
    ])
    await Promise.all([sql.inbox.text(LAST), tag.inbox.text(LAST)])
    expect([sql.inbox.texts, tag.inbox.texts]).toEqual([['flagged', LAST], [LAST]])
  })

  cluster.it(
    'are awaited: a consumer gets what is sent later, and its progress counts what it did not want',
    async site => {
      const topic = await site.freshTopic(1)
      const consumerGroup = site.freshGroup()
      const { consumer, inbox } = await site.reader(topic, { consumerGroup, expression: { sql92: "end = '1'" } })
      const producer = await site.producer()
      for (let i = 0; i < 50; i++) await producer.send({ topic, body: `unwanted ${i}`, properties: { end: '0' } })
      await producer.send({ topic, body: LAST, properties: { end: '1' } })
      await inbox.text(LAST)
      expect(inbox.texts).toEqual([LAST])
      await consumer.shutdown()
      expect(await (await site.admin()).consumeStats(consumerGroup)).toMatchObject({ lag: 0 })
    },
  )

  cluster.it('hold nothing back that comes again after a failure', async site => {
    const topic = await site.freshTopic(1)
    const inbox = site.newInbox()
    const consumer = site.newConsumer().subscribe(topic, { sql92: 'amount > 1' })
    consumer.consumeEach(message => {
      inbox.take(message)
      return message.reconsumeTimes === 0 ? { status: 'RECONSUME_LATER', delayLevel: 1 } : undefined
    })
    await consumer.start()
    await (await site.producer()).send({ topic, body: 'again', properties: { amount: '5' } })
    expect(await inbox.text('again', { nth: 2 })).toMatchObject({ topic, reconsumeTimes: 1 })
  })

  cluster.it('can be sent with every pull without a wrong one being taken for all', async site => {
    const topic = await topicWithMessages(site)
    const { inbox } = await site.reader(topic, {
      postSubscriptionWhenPull: true,
      expression: { sql92: "region = 'us' OR end = '1'" },
    })
    await inbox.text(LAST)
    expect(inbox.texts).toEqual(['dear', LAST])
  })

  cluster.it('let no start succeed where they are wrong, and do no harm to the others of the group', async site => {
    const topic = await site.freshTopic(1)
    const consumerGroup = site.freshGroup()
    const { inbox } = await site.reader(topic, { consumerGroup, expression: { sql92: 'amount > 1' } })
    for (const sql92 of ['amount >', 'amount = "5"', 'amount BETWEEN 9 AND 1', "'text'", '*']) {
      const wrong = site
        .newConsumer({ consumerGroup })
        .subscribe(topic, { sql92 })
        .consumeEach(() => undefined)
      const says = expect.stringContaining(
        `does not understand the SQL92 expression '${sql92}' of topic ${topic}: `,
      ) as string
      await expect(wrong.start()).rejects.toMatchObject({ code: 'INVALID_EXPRESSION', topic, message: says })
    }
    const producer = await site.producer()
    await producer.send({ topic, body: 'unwanted', properties: { amount: '0' } })
    await producer.send({ topic, body: LAST, properties: { amount: '5' } })
    await inbox.text(LAST)
    expect(inbox.texts).toEqual([LAST])
    expect(site.backgroundErrors).toEqual([])
  })

  cluster.it('can be changed while a consumer runs, but not to a wrong one', async site => {
    const topic = await site.freshTopic(1)
    const { consumer, inbox } = await site.reader(topic, { expression: { sql92: "kind = 'a'" } })
    const producer = await site.producer()
    const send = (kind: string, body: string): Promise<unknown> => producer.send({ topic, body, properties: { kind } })
    consumer.subscribe(topic, { sql92: "kind = 'a' OR" })
    await site.until(() => site.backgroundErrors.length > 0, { what: 'a refusal' })
    expect(site.backgroundErrors).toMatchObject([{ code: 'INVALID_EXPRESSION', topic }])
    await send('b', 'too early')
    await send('a', 'first')
    await inbox.text('first')
    consumer.subscribe(topic, { sql92: "kind = 'b'" })
    const admin = await site.admin()
    const told = async (): Promise<string | undefined> =>
      (await admin.consumerConnections(consumer.consumerGroup))?.subscriptionTable.get(topic)?.subString
    await answered(told, condition => condition === "kind = 'b'", { what: 'the new condition on the broker' })
    // The first wakes the pull that the broker has held since before, which is looked at anew.
    await send('a', 'too late')
    await send('b', LAST)
    await inbox.text(LAST)
    expect(inbox.texts).toEqual(['first', LAST])
  })

  cluster.it(
    'know CONTAINS, STARTSWITH and ENDSWITH on brokers from 5.2 on, and never match on older ones',
    async site => {
      const topic = await topicWithMessages(site)
      const condition = "region CONTAINS 'azur' AND region STARTSWITH 'c' AND region NOT ENDSWITH 'x'"
      const [search, all] = await Promise.all([
        site.reader(topic, { expression: { sql92: condition } }),
        site.reader(topic, { expression: { sql92: "region = 'côte d''azur' OR end = '1'" } }),
      ])
      await all.inbox.text(LAST)
      if (site.version === '5') await search.inbox.text('exact')
      expect(search.inbox.texts).toEqual(site.version === '5' ? ['exact'] : [])
    },
  )
})

describeOwnCluster('conditions over properties, switched off', { enablePropertyFilter: false }, cluster => {
  cluster.it('let no start succeed, and say what to do', async site => {
    const topic = await site.freshTopic(1)
    const consumer = site
      .newConsumer()
      .subscribe(topic, { sql92: 'amount > 1' })
      .consumeEach(() => undefined)
    await expect(consumer.start()).rejects.toMatchObject({
      code: 'UNSUPPORTED_BY_BROKER',
      topic,
      message: expect.stringContaining('set enablePropertyFilter=true') as string,
    })
    const { inbox } = await site.reader(topic, { expression: 'T' })
    await (await site.producer()).send({ topic, body: LAST, tags: 'T' })
    await inbox.text(LAST)
  })
})
