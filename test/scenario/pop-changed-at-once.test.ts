import type { MessageExt } from '../../lib/index'
import { describeScenario } from '../support/cluster'

const COUNT = 300
/** The time that a message is hidden for at first, and again at once. */
const INVISIBLE_MS = 2000
/** How long a message may take that comes again. */
const AGAIN_MS = 20_000

describeScenario('an invisible time that is changed as soon as a message was received', cluster => {
  if (cluster.version === '4.9') {
    cluster.skip('needs POP', 'brokers from 5.0')
    return
  }

  // Brokers that do both within a millisecond lose messages: here every tenth, where the client does not see to it.
  cluster.it('loses no message', async site => {
    const topic = await site.freshTopic(1)
    const producer = await site.producer()
    const texts = Array.from({ length: COUNT }, (_, i) => String(i))
    for (let i = 0; i < COUNT; i += 50)
      await Promise.all(texts.slice(i, i + 50).map(body => producer.send({ topic, body })))
    await site.stored(topic, COUNT)
    const consumer = await site.simpleConsumer(topic)
    const first = new Set<string>()
    while (first.size < COUNT) {
      const messages = await consumer.receive({ maxMessages: 2, invisibleDurationMs: INVISIBLE_MS })
      const fresh = messages.filter(({ reconsumeTimes }) => reconsumeTimes === 0)
      if (fresh.length === messages.length)
        await consumer.changeInvisibleDuration(messages[0] as MessageExt, INVISIBLE_MS)
      for (const message of fresh) first.add(message.text())
    }
    const again = new Set<string>()
    while (again.size < COUNT) {
      const messages = await consumer.receive({ invisibleDurationMs: 600_000, awaitDurationMs: AGAIN_MS })
      if (messages.length === 0) break
      for (const message of messages) again.add(message.text())
    }
    expect(texts.filter(text => !again.has(text))).toEqual([])
  })
})
