import { Books } from '../support/books'
import { describeSideBySide } from '../support/cluster'
import type { Site } from '../support/site'

const conflicts = ({ backgroundErrors }: Site): string[] =>
  backgroundErrors.filter(({ code }) => code === 'GROUP_CONFLICT').map(({ message }) => message)

describeSideBySide('a member of a group', cluster => {
  cluster.it('fault 25: that has the id of another client is told at its start, with where that is', async site => {
    const topic = await site.freshTopic(2)
    const [consumerGroup, instanceName] = [site.freshGroup(), site.freshGroup()]
    const books = new Books(site)
    const first = await site.consumer(topic, { consumerGroup, advanced: { instanceName } }, books.take)
    expect(conflicts(site)).toEqual([])
    // As in another process: with other options it has a client of its own.
    const settings = { consumerGroup, requestTimeoutMs: 2900, advanced: { instanceName } }
    const namesake = await site.consumer(topic, settings, books.take)
    expect(conflicts(site)).toEqual([expect.stringContaining(`client with id ${namesake.clientId} already`)])
    // Brokers take the two for one: which queues are read is chance until one of them has another id.
    await namesake.shutdown()
    await first.shutdown()
    await site.consumer(topic, { consumerGroup }, books.take)
    await books.send(await site.producer(), topic, 20)
    await books.tell(25, 'two clients have one id', { also: 'the second one is told' })
  })

  cluster.it('fault 25: that subscribes otherwise than the others is told at its start', async site => {
    const [topic, consumerGroup] = [await site.freshTopic(2), site.freshGroup()]
    const books = new Books(site)
    await site.consumer(topic, { consumerGroup }, books.take)
    const other = site.newConsumer({ consumerGroup }).subscribe(topic, 'paid').consumeEach(books.take)
    await other.start()
    expect(conflicts(site)).toEqual([
      expect.stringContaining(`of topic ${topic} this one wants TAG 'paid', others TAG '*'`),
    ])
    // The last one to tell the broker decides for all: what the other wanted is passed over until it is gone.
    await other.shutdown()
    await site.consumer(topic, { consumerGroup }, books.take)
    await books.send(await site.producer(), topic, 20)
    await books.tell(25, 'members subscribe differently', { also: 'the second one is told' })
  })

  cluster.it('is told of nothing where all is well, also after a restart', async site => {
    const [topic, consumerGroup] = [await site.freshTopic(2), site.freshGroup()]
    const settings = { consumerGroup, advanced: { instanceName: consumerGroup } }
    for (let round = 0; round < 3; round++) {
      const { consumer } = await site.reader(topic, { ...settings, expression: round === 1 ? 'a || b' : 'b||a' })
      await consumer.shutdown()
    }
    expect(conflicts(site)).toEqual([])
  })
})
