import { join } from 'node:path'
import { POSSIBLE_DUPLICATE, type Producer, type SendResult } from '../../lib/index'
import { systemClock } from '../../lib/runtime/clock'
import { describeOwnCluster } from '../support/cluster'
import { tellFault } from '../support/fault-report'
import { outboxLedger } from '../support/outbox-ledger'
import type { Site } from '../support/site'
import { answered } from '../support/until'

/** So that an outage is noticed, and its end, without long waits. */
const SOON = { pollNameServerIntervalMs: 500, sendTimeoutMs: 2000 }

function broker({ brokers }: Site) {
  const [only] = brokers
  if (only === undefined) throw new Error('there is no broker')
  return only
}

/** Acknowledgements come when the messages are seen already. */
async function emptied(producer: Producer): Promise<void> {
  const left = () => systemClock.sleep(10).then(() => producer.stats().outbox?.bytes)
  await answered(left, bytes => bytes === 0, { what: 'an empty outbox' })
}

const statuses = (results: readonly SendResult[]): string => [...new Set(results.map(each => each.sendStatus))].join()

describeOwnCluster('an outbox', {}, cluster => {
  cluster.it(
    'fault 26: keeps messages while the broker is away, and sends them in order per key when it is back',
    async site => {
      const [topic, directory] = [await site.freshTopic(4), join(await site.freshFolder(), 'outbox')]
      const { inbox } = await site.reader(topic)
      const producer = await site.producer({ ...SOON, outbox: { directory, afterMs: 100 } })
      const before = await producer.send({ topic, body: 'before', shardingKey: 'a' })
      const server = broker(site)
      await server.stop()
      const keys = ['a', 'b', 'c']
      const bodies = Array.from({ length: 30 }, (_, n) => ({
        body: `${keys[n % 3]} ${n}`,
        shardingKey: keys[n % 3] ?? '',
      }))
      const spooled = await Promise.all(bodies.map(each => producer.send({ topic, ...each })))
      const batch = await producer.send([1, 2, 3].map(n => ({ topic, body: `batch ${n}` })))
      expect([before.sendStatus, statuses(spooled), batch.sendStatus]).toEqual(['SEND_OK', 'SPOOLED', 'SPOOLED'])
      expect(producer.stats().outbox).toMatchObject({ spooled: 33, replayed: 0, rejected: 0 })

      await server.restart()
      await inbox.first(34)
      for (const key of keys) {
        const ofKey = (texts: readonly string[]): string[] => texts.filter(text => text.startsWith(`${key} `))
        expect(ofKey(inbox.texts)).toEqual(ofKey(bodies.map(({ body }) => body)))
      }
      const ids = new Set([...spooled.map(({ msgId }) => msgId), ...batch.msgId.split(','), before.msgId])
      tellFault(site, { row: 26, fault: 'the broker of an outbox is away', ledger: outboxLedger(ids, inbox.messages) })
      expect(new Set(inbox.messages.map(({ msgId }) => msgId))).toEqual(ids)
      await emptied(producer)
      expect((await producer.send({ topic, body: 'after', shardingKey: 'a' })).sendStatus).toBe('SEND_OK')
      expect(producer.stats().outbox).toMatchObject({ spooled: 0, bytes: 0, replayed: 33, oldestAgeMs: undefined })
    },
  )

  cluster.it('has what a former producer left sent by the next one, unmarked where that ended in order', async site => {
    const [topic, directory] = [await site.freshTopic(2), join(await site.freshFolder(), 'outbox')]
    const { inbox } = await site.reader(topic)
    const outbox = { directory, afterMs: 0 }
    const first = await site.producer({ ...SOON, outbox, retryTimesWhenSendFailed: 0 })
    const server = broker(site)
    await server.stop()
    // The first try may have been under way when the connection was lost.
    const [lost, kept] = [await first.send({ topic, body: 'lost' }), await first.send({ topic, body: 'kept' })]
    await first.shutdown()
    expect(first.stats().outbox).toMatchObject({ spooled: 2 })
    await server.restart()
    const second = await site.producer({ ...SOON, outbox })
    await inbox.first(2)
    expect(new Set(inbox.messages.map(({ msgId }) => msgId))).toEqual(new Set([lost.msgId, kept.msgId]))
    const marks = inbox.messages.map(({ properties }) => properties[POSSIBLE_DUPLICATE])
    expect(marks).toEqual([undefined, undefined])
    await emptied(second)
  })

  cluster.it('is not for messages that are wrong, nor for two producers', async site => {
    const directory = await site.freshFolder()
    const producer = await site.producer({ outbox: { directory, afterMs: 0 } })
    await expect(producer.send({ topic: 'no good', body: 'x' })).rejects.toMatchObject({ code: 'INVALID_TOPIC' })
    const other = site.newProducer({ outbox: { directory } })
    await expect(other.start()).rejects.toMatchObject({ code: 'OUTBOX_LOCKED' })
  })
})
