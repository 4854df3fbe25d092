import { type IdempotencyStore, type MessageExt, type PushConsumer, idempotent } from '../../../lib/index'
import { startEmulator } from '../../support/running-cluster'
import { Site } from '../../support/site'

const KEYS = Array.from({ length: 25 }, (_, i) => `order-${i}`)

/** Two consumers of a group on the emulator, each with its own client of the store. */
export function describeGroupOfTwo(title: string, stores: () => readonly [IdempotencyStore, IdempotencyStore]): void {
  describe(`two consumers of a group, ${title}`, () => {
    it('handle what was sent twice once', () => onSite(handleOnce), 120_000)
  })

  async function handleOnce(site: Site): Promise<void> {
    const [topic, consumerGroup] = [await site.freshTopic(), site.freshGroup()]
    const handled: string[] = []
    const duplicates: string[] = []
    const note = (into: string[]) => (message: MessageExt) => {
      into.push(message.keys[0] as string)
      site.changes.notify()
    }
    const join = async (store: IdempotencyStore): Promise<PushConsumer> => {
      const options = {
        store,
        keyOf: (message: MessageExt) => message.keys[0],
        onDuplicate: note(duplicates),
        // What is in hand stays in hand on a slow machine too, and what waits for it comes again in the time of the test.
        leaseMs: 5000,
      }
      const listener = idempotent(async message => note(handled)(message), options)
      return site.consumer(topic, { consumerGroup }, listener)
    }
    const consumers = await Promise.all(stores().map(join))
    const hasTwo = (consumer: PushConsumer): boolean =>
      consumer.stats().queues.filter(({ queue }) => queue.topic === topic).length === 2
    await site.until(() => consumers.every(hasTwo), { what: 'two queues each' })
    const producer = await site.producer()
    for (let i = 0; i < 2; i++) {
      await Promise.all(KEYS.map(key => producer.send({ topic, keys: key, body: `${key}, sent ${i}` })))
    }
    await site.until(() => handled.length + duplicates.length >= 2 * KEYS.length, {
      what: 'all messages',
      withinMs: 90_000,
    })
    expect(handled.toSorted()).toEqual(KEYS.toSorted())
    expect(duplicates.toSorted()).toEqual(KEYS.toSorted())
  }
}

/** Runs a test on an emulator of its own. */
export async function onSite(run: (site: Site) => Promise<void>): Promise<void> {
  const cluster = await startEmulator('5')
  const site = new Site(cluster)
  try {
    await run(site)
  } finally {
    await site.close()
    await cluster.close()
  }
}
