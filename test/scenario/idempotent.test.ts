import { type IdempotencyStore, type MessageExt, MemoryIdempotencyStore, idempotent } from '../../lib/index'
import { describeSideBySide } from '../support/cluster'
import type { Inbox } from '../support/inbox'
import type { Site } from '../support/site'

const LEASE_MS = 5000

/** What a listener has handled and what it was told to have skipped. */
interface Seen {
  readonly handled: Inbox
  readonly skipped: Inbox
}

const byKey = (message: MessageExt): string | undefined => message.keys[0]
const keysOf = ({ messages }: Inbox): string[] => messages.map(({ keys }) => keys[0] as string).toSorted()

function newSeen(site: Site): Seen {
  return { handled: site.newInbox(), skipped: site.newInbox() }
}

function optionsFor(store: IdempotencyStore, { skipped }: Seen) {
  return { store, keyOf: byKey, leaseMs: LEASE_MS, onDuplicate: (message: MessageExt) => skipped.take(message) }
}

/**
 * What a process that dies leaves: its listener hangs, and its calls of the store are made no more. At the end of the test both
 * fail, so that nothing is left.
 */
function mortal(site: Site, inner: IdempotencyStore) {
  const end = new AbortController()
  site.onEnd(async () => end.abort())
  let isDead = false
  const hang = <T>(): Promise<T> =>
    new Promise((_, reject) => {
      const fail = (): void => reject(new Error('the test is over'))
      if (end.signal.aborted) fail()
      else end.signal.addEventListener('abort', fail)
    })
  const call = <T>(run: () => Promise<T>): Promise<T> => (isDead ? hang() : run())
  const store: IdempotencyStore = {
    claim: (...given) => call(() => inner.claim(...given)),
    done: (...given) => call(() => inner.done(...given)),
    release: (...given) => call(() => inner.release(...given)),
  }
  return { store, hang: () => hang<void>(), die: () => void (isDead = true) }
}

describeSideBySide('an idempotent listener', cluster => {
  cluster.it('handles once what was sent twice, though its group has two consumers', async site => {
    const [topic, consumerGroup] = [await site.freshTopic(), site.freshGroup()]
    const [producer, store, seen] = [await site.producer(), new MemoryIdempotencyStore(), newSeen(site)]
    for (let i = 0; i < 2; i++) {
      await site.consumer(topic, { consumerGroup }, idempotent(seen.handled.take, optionsFor(store, seen)))
    }
    const keys = Array.from({ length: 30 }, (_, i) => `order-${i}`).toSorted()
    for (const attempt of ['first', 'second']) {
      await Promise.all(keys.map(key => producer.send({ topic, keys: key, body: `${key} ${attempt}` })))
    }
    // Some may come more than twice, as queues move between the two.
    const skippedKeys = (): string[] => [...new Set(keysOf(seen.skipped))]
    await site.until(() => skippedKeys().length === keys.length, { what: 'all that was sent again' })
    expect(keysOf(seen.handled)).toEqual(keys)
  })

  cluster.it('handles again, after the lease, what a consumer has died over', async site => {
    const [topic, consumerGroup] = [await site.freshTopic(1), site.freshGroup()]
    const [producer, store, seen] = [await site.producer(), new MemoryIdempotencyStore(), newSeen(site)]
    await producer.send({ topic, keys: 'order-1', body: 'paid' })
    const { store: storeOfDead, hang, die } = mortal(site, store)
    let claimedAt = 0
    const work = (): Promise<void> => {
      claimedAt = performance.now()
      site.changes.notify()
      return hang()
    }
    const options = { ...optionsFor(storeOfDead, seen), maxLeaseMs: LEASE_MS }
    const victim = await site.consumer(topic, { consumerGroup }, idempotent(work, options))
    await site.until(() => claimedAt > 0, { what: 'a message in hand' })
    die()
    await expect(victim.shutdown({ timeoutMs: 100 })).rejects.toMatchObject({ code: 'SHUTDOWN_INCOMPLETE' })
    expect(store.stats()).toMatchObject({ claimed: 1, done: 0 })
    await site.consumer(topic, { consumerGroup }, idempotent(seen.handled.take, optionsFor(store, seen)))
    await seen.handled.first(1)
    // The claim was a moment before the listener.
    expect(performance.now() - claimedAt).toBeGreaterThan(LEASE_MS - 100)
    await producer.send({ topic, keys: 'order-1', body: 'paid, sent again' })
    await seen.skipped.first(1)
    expect(seen.handled.texts).toEqual(['paid'])
  })

  cluster.it('handles what it has failed at when it comes again', async site => {
    const topic = await site.freshTopic()
    const [producer, store, seen] = [await site.producer(), new MemoryIdempotencyStore(), newSeen(site)]
    const listener = idempotent(
      message => {
        seen.handled.take(message)
        return message.reconsumeTimes === 0 ? { status: 'RECONSUME_LATER', delayLevel: 1 } : 'CONSUME_SUCCESS'
      },
      optionsFor(store, seen),
    )
    await site.consumer(topic, {}, listener)
    await producer.send({ topic, keys: 'order-1', body: 'paid' })
    const tries = await seen.handled.first(2)
    expect(tries.map(({ reconsumeTimes }) => reconsumeTimes)).toEqual([0, 1])
    expect(seen.skipped.messages).toEqual([])
  })

  for (const ordered of ['queue', 'key'] as const) {
    cluster.it(`keeps order by ${ordered}, also where a message waits for the claim of a dead consumer`, async site => {
      const [topic, consumerGroup] = [await site.freshTopic(1), site.freshGroup()]
      const [producer, store, seen] = [await site.producer(), new MemoryIdempotencyStore(), newSeen(site)]
      await store.claim(`${consumerGroup}/${topic}/b`, 'of the dead', 1000)
      for (const key of ['a', 'b', 'a', 'c']) await producer.send({ topic, keys: key, shardingKey: 'one', body: key })
      await site.stored(topic, 4)
      const options = { ...optionsFor(store, seen), leaseMs: 1000, ordered }
      const consumer = site.newConsumer({ consumerGroup }).subscribe(topic)
      consumer.consumeEach({ ordered }, idempotent(seen.handled.take, options))
      await consumer.start()
      await seen.handled.first(3)
      expect(seen.handled.texts).toEqual(['a', 'b', 'c'])
      expect(seen.skipped.texts).toEqual(['a'])
    })
  }

  cluster.it('hands out of a batch what is new, each key once', async site => {
    const [topic, consumerGroup] = [await site.freshTopic(1), site.freshGroup()]
    const [producer, store, seen] = [await site.producer(), new MemoryIdempotencyStore(), newSeen(site)]
    await store.claim(`${consumerGroup}/${topic}/old`, 't', 1000)
    await store.done(`${consumerGroup}/${topic}/old`, 't', 60_000)
    const bodies = ['a', 'old', 'b', 'a', 'c', 'b', 'd', 'old']
    await producer.send(bodies.map(body => ({ topic, keys: body, body })))
    await site.stored(topic, bodies.length)
    const consumer = site.newConsumer({ consumerGroup }).subscribe(topic)
    const listener = idempotent(
      (messages: readonly MessageExt[]) => messages.forEach(message => seen.handled.take(message)),
      optionsFor(store, seen),
    )
    await consumer.consume({ batchSize: 8, concurrency: 1 }, listener).start()
    await seen.skipped.first(4)
    expect(seen.handled.texts).toEqual(['a', 'b', 'c', 'd'])
    expect(seen.skipped.texts).toEqual(['old', 'a', 'b', 'old'])
  })
})
