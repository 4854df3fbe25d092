import { Books } from '../support/books'
import { describeEmulatorOnly } from '../support/cluster'
import type { Site } from '../support/site'
import { answered } from '../support/until'

const MESSAGES = 40
const SOON = { persistConsumerOffsetIntervalMs: 50 }

/** A member that has handled messages, and whose progress is written down. */
async function settled(site: Site) {
  const topic = await site.freshTopic(1)
  const books = new Books(site)
  const producer = await site.producer()
  const consumer = await site.consumer(topic, SOON, books.take)
  await books.send(producer, topic, MESSAGES)
  await books.complete()
  const admin = await site.admin()
  const committed = async () => (await admin.consumeStats(consumer.consumerGroup, { topic })).queues[0]?.consumerOffset
  await answered(committed, offset => offset === MESSAGES, { what: `a committed offset of ${MESSAGES}` })
  books.ledger.settle()
  return { topic, books, producer, consumer }
}

describeEmulatorOnly('pulls of a push consumer', cluster => {
  cluster.it('fault 14: that bring nothing, nothing that matches, or what is damaged repeat nothing', async site => {
    const { topic, books, producer } = await settled(site)
    const answers = ['PULL_NOT_FOUND', 'PULL_RETRY_IMMEDIATELY', 'PULL_NOT_FOUND'] as const
    // What is damaged a third time is passed over, and told of.
    const left = [...answers, 'damaged' as const, ...answers, 'damaged' as const]
    const control = site.control(
      'PULL_MESSAGE',
      ({ header: { topic: asked, queueOffset } }) => {
        const answer = asked === topic ? left.shift() : undefined
        if (answer === undefined) return 'pass'
        const offsets = { nextBeginOffset: queueOffset, minOffset: 0, maxOffset: MESSAGES }
        const header = { suggestWhichBrokerId: 0, ...offsets }
        if (answer !== 'damaged') return { code: answer, header, body: Buffer.alloc(0) }
        return { code: 'SUCCESS', header: { ...header, nextBeginOffset: queueOffset + 1 }, body: Buffer.alloc(91, 1) }
      },
      { times: 'keep' },
    )
    await books.send(producer, topic, MESSAGES)
    await site.until(() => left.length === 0, { what: () => `pulls; ${left.length} answers are left` })
    await books.send(producer, topic, MESSAGES)
    expect(control.seen).toBeGreaterThanOrEqual(8)
    await books.tell(14, 'pulls bring nothing, nothing that matches, or damage')
  })

  cluster.it('fault 14: whose offset the broker corrects go on from there, not from the beginning', async site => {
    const { topic, books, producer, consumer } = await settled(site)
    const corrected = site.control(
      'PULL_MESSAGE',
      ({ header }) => {
        const offsets = { nextBeginOffset: header.queueOffset, minOffset: 0, maxOffset: header.queueOffset }
        if (header.topic !== topic) return 'pass'
        return { code: 'PULL_OFFSET_MOVED', header: { suggestWhichBrokerId: 0, ...offsets }, body: Buffer.alloc(0) }
      },
      { times: 2 },
    )
    await books.send(producer, topic, MESSAGES)
    await books.complete()
    expect(corrected.seen).toBeGreaterThan(0)
    await books.tell(14, 'the broker corrects the offset of a pull')
    const { queues } = consumer.stats()
    expect(queues.find(({ queue }) => queue.topic === topic)?.commitOffset).toBe(2 * MESSAGES)
  })
})
