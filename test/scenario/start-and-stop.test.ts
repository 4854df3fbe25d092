import { Producer, PushConsumer } from '../../lib/index'
import { Books } from '../support/books'
import { describeEmulatorOnly } from '../support/cluster'
import { heapInUse, leftovers, processListeners, resources } from '../support/leftovers'
import { deadAddress } from '../support/loopback'
import type { Site } from '../support/site'

const ROUNDS = 200
const WARM_UP = 20
const ALLOWED_GROWTH = 1.2

/** Once through a life of a producer and a consumer; every tenth producer cannot start. */
async function life({ namesrvAddr }: Site, topic: string, round: number, dead: string): Promise<void> {
  const consumer = new PushConsumer({ namesrvAddr, consumerGroup: 'short-lived' })
  consumer.subscribe(topic).consumeEach(() => undefined)
  const isDead = round % 10 === 0
  const producer = new Producer({ namesrvAddr: isDead ? dead : namesrvAddr, producerGroup: 'short-lived' })
  await consumer.start()
  if (isDead) await expect(producer.start()).rejects.toMatchObject({ code: 'NO_NAME_SERVER' })
  else await producer.start()
  await Promise.all([consumer.shutdown(), producer.shutdown()])
}

describeEmulatorOnly(
  'producers and consumers',
  cluster => {
    cluster.it('fault 22: that are started and shut down 200 times leave nothing behind', async site => {
      const topic = await site.freshTopic(2)
      const dead = await deadAddress()
      const books = new Books(site)
      for (let round = 0; round < WARM_UP; round++) await life(site, topic, round, dead)
      const before = { heap: await heapInUse(), resources: resources(), listeners: processListeners() }
      for (let round = 0; round < ROUNDS; round++) await life(site, topic, round, dead)
      expect(await leftovers(before.resources)).toEqual([])
      expect(processListeners()).toBe(before.listeners)
      const growth = (await heapInUse()) / before.heap
      expect(growth).toBeLessThan(ALLOWED_GROWTH)
      // What is started after them works as the first did.
      await site.consumer(topic, {}, books.take)
      await books.send(await site.producer(), topic, 20)
      await books.tell(22, '200 starts and stops, some of which fail', { also: `memory x ${growth.toFixed(2)}` })
    })
  },
  { alone: true },
)
