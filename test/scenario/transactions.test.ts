import type { LocalTransactionState, MessageExt, TransactionListener } from '../../lib/index'
import { contractTarget } from '../contract/real/target'
import { describeOwnCluster } from '../support/cluster'
import type { Site } from '../support/site'

/** Real brokers look at half messages in a loop that takes a second and more. */
const isReal = contractTarget() !== undefined
const CHECK_MAX = 3
const PACE = {
  transactionTimeOutMs: isReal ? 2000 : 100,
  transactionCheckIntervalMs: isReal ? 1000 : 50,
  transactionCheckMax: CHECK_MAX,
}

/** A listener that answers as it is told, and keeps what it was asked. */
function listenerOf(site: Site, states: { first: LocalTransactionState; later: LocalTransactionState }) {
  const executed: unknown[] = []
  const inbox = site.newInbox()
  const transactionListener: TransactionListener = {
    executeLocalTransaction: (_, arg) => {
      executed.push(arg)
      return states.first
    },
    checkLocalTransaction: async message => {
      inbox.take(message)
      return states.later
    },
  }
  return { transactionListener, executed, checks: inbox }
}

describeOwnCluster('transactions', PACE, cluster => {
  cluster.it('that are committed are seen, with every field', async site => {
    const topic = await site.freshTopic(4)
    const { transactionListener, executed } = listenerOf(site, { first: 'COMMIT_MESSAGE', later: 'UNKNOW' })
    const [producer, { inbox }] = await Promise.all([
      site.transactionProducer({ transactionListener }),
      site.reader(topic),
    ])
    const message = { topic, body: 'paid', tags: 'T', keys: ['k-1'], flag: 7, properties: { region: 'eu' } }
    const result = await producer.sendInTransaction(message, 'the argument')
    expect(result).toMatchObject({ sendStatus: 'SEND_OK', localTransactionState: 'COMMIT_MESSAGE' })
    expect(result).not.toHaveProperty('endError')
    expect(executed).toEqual(['the argument'])
    const seen = await inbox.text('paid')
    expect(seen).toMatchObject({ topic, tags: 'T', keys: ['k-1'], flag: 7, msgId: result.msgId })
    expect(seen.properties).toMatchObject({ region: 'eu', PGROUP: producer.producerGroup })
    expect(seen.transactionId).toBe(result.msgId)
    expect(seen.queueId).toBe(result.messageQueue.queueId)
    expect(seen.preparedTransactionOffset).toBeLessThan(seen.commitLogOffset)
    expect(producer.stats()).toMatchObject({ openTransactions: 0, inFlight: 0 })
  })

  cluster.it('of a sharding key are seen in their order, and large bodies as they were', async site => {
    const topic = await site.freshTopic(4)
    const { transactionListener } = listenerOf(site, { first: 'COMMIT_MESSAGE', later: 'UNKNOW' })
    const producer = await site.transactionProducer({ transactionListener, confirmEnd: true })
    const { inbox } = await site.reader(topic)
    const bodies = Array.from({ length: 5 }, (_, i) => `${i} `.repeat(5000))
    for (const body of bodies) await producer.sendInTransaction({ topic, body }, undefined, { shardingKey: 'one' })
    expect((await inbox.first(5)).map(message => message.text())).toEqual(bodies)
  })

  cluster.it('that are rolled back are never seen, and never asked about', async site => {
    const topic = await site.freshTopic(1)
    const states = { first: 'ROLLBACK_MESSAGE' as LocalTransactionState, later: 'COMMIT_MESSAGE' as const }
    const { transactionListener, checks } = listenerOf(site, states)
    const [producer, { inbox }] = await Promise.all([
      site.transactionProducer({ transactionListener }),
      site.reader(topic),
    ])
    await producer.sendInTransaction({ topic, body: 'never' })
    states.first = 'UNKNOW'
    await producer.sendInTransaction({ topic, body: 'later' })
    await inbox.text('later')
    expect(checks.distinct).toEqual(new Set(['later']))
    expect(inbox.texts).toEqual(['later'])
  })

  cluster.it('whose end is not known are asked about, and seen once the check commits', async site => {
    const topic = await site.freshTopic(1)
    const { transactionListener, checks } = listenerOf(site, { first: 'UNKNOW', later: 'COMMIT_MESSAGE' })
    const [producer, { inbox }] = await Promise.all([
      site.transactionProducer({ transactionListener }),
      site.reader(topic),
    ])
    const result = await producer.sendInTransaction({ topic, body: 'unknown', flag: 7, properties: { region: 'eu' } })
    const [asked] = (await checks.first(1)) as [MessageExt]
    expect(asked).toMatchObject({ topic, transactionId: result.msgId, msgId: result.msgId })
    expect(asked.properties).toMatchObject({ region: 'eu', TRANSACTION_CHECK_TIMES: '1' })
    const seen = await inbox.text('unknown')
    // Brokers store a half message again before they ask, and forget its flag.
    expect(seen).toMatchObject({ msgId: result.msgId, flag: 0, properties: { region: 'eu' } })
    expect(inbox.texts).toEqual(['unknown'])
  })

  cluster.it('whose listener throws are asked about, too', async site => {
    const topic = await site.freshTopic(1)
    const [producer, { inbox }] = await Promise.all([
      site.transactionProducer({
        transactionListener: {
          executeLocalTransaction: () => {
            throw new Error('no database')
          },
          checkLocalTransaction: () => 'COMMIT_MESSAGE',
        },
      }),
      site.reader(topic),
    ])
    const result = await producer.sendInTransaction({ topic, body: 'thrown' })
    expect(result).toMatchObject({ localTransactionState: 'UNKNOW', localError: { message: 'no database' } })
    await inbox.text('thrown')
  })

  cluster.it('of a producer that is gone are resolved by another one of its group', async site => {
    const topic = await site.freshTopic(1)
    const producerGroup = site.freshGroup()
    const { inbox } = await site.reader(topic)
    let reached = (): void => undefined
    const isExecuting = new Promise<void>(resolve => (reached = resolve))
    const gone = await site.transactionProducer({
      producerGroup,
      transactionListener: {
        executeLocalTransaction: () => {
          reached()
          return new Promise(() => undefined)
        },
        checkLocalTransaction: () => 'UNKNOW',
      },
    })
    void gone.sendInTransaction({ topic, body: 'left behind' }).catch(() => undefined)
    await isExecuting
    await expect(gone.shutdown({ timeoutMs: 1 })).rejects.toMatchObject({
      code: 'SHUTDOWN_INCOMPLETE',
      message: expect.stringContaining('transactions'),
    })
    const { transactionListener, checks } = listenerOf(site, { first: 'UNKNOW', later: 'COMMIT_MESSAGE' })
    await site.transactionProducer({ producerGroup, transactionListener, topics: [topic] })
    await checks.text('left behind')
    await inbox.text('left behind')
  })

  cluster.it('are given up after so many checks, and kept where nobody consumes', async site => {
    const topic = await site.freshTopic(1)
    const { transactionListener, checks } = listenerOf(site, { first: 'UNKNOW', later: 'UNKNOW' })
    const [producer, { inbox }] = await Promise.all([
      site.transactionProducer({ transactionListener }),
      site.reader(topic),
    ])
    const { msgId } = await producer.sendInTransaction({ topic, body: 'given up' })
    await checks.first(CHECK_MAX)
    const { inbox: givenUp } = await site.reader('TRANS_CHECK_MAX_TIME_TOPIC')
    const kept = await givenUp.text('given up')
    expect(kept).toMatchObject({ msgId, properties: { REAL_TOPIC: topic, TRANSACTION_CHECK_TIMES: String(CHECK_MAX) } })
    expect(checks.messages.map(({ properties }) => properties.TRANSACTION_CHECK_TIMES)).toEqual(['1', '2', '3'])
    expect(inbox.texts).toEqual([])
  })

  cluster.it('are not asked about in their immunity time', async site => {
    const topic = await site.freshTopic(1)
    const { transactionListener, checks } = listenerOf(site, { first: 'UNKNOW', later: 'COMMIT_MESSAGE' })
    const producer = await site.transactionProducer({ transactionListener })
    await producer.sendInTransaction({ topic, body: 'immune' }, undefined, { checkImmunityTimeInSeconds: 600 })
    await producer.sendInTransaction({ topic, body: 'asked' })
    await checks.text('asked')
    expect(checks.texts).toEqual(['asked'])
  })

  cluster.it('hear from the broker what it makes of their end, where that is wished', async site => {
    const topic = await site.freshTopic(1)
    const asked = site.newInbox()
    const producer = await site.transactionProducer({
      confirmEnd: true,
      transactionListener: {
        executeLocalTransaction: async (_, isLate): Promise<LocalTransactionState> => {
          const since = Date.now()
          while (isLate === true && Date.now() - since < PACE.transactionTimeOutMs + 50) await site.stored(topic, 1)
          return 'COMMIT_MESSAGE'
        },
        checkLocalTransaction: message => (asked.take(message), 'UNKNOW'),
      },
    })
    await producer.sendInTransaction({ topic, body: 'x' })
    // The answer comes after the message was stored.
    await site.stored(topic, 1)
    const result = await producer.sendInTransaction({ topic, body: 'late' }, true, { checkImmunityTimeInSeconds: 0 })
    const refused = { responseCode: 'ILLEGAL_OPERATION' }
    if (cluster.version === '5') expect(result).toMatchObject({ endError: refused })
    else expect(result).not.toHaveProperty('endError')
    // Before 5.x it was committed while the broker had asked already.
    if (cluster.version === '5') await asked.text('late')
  })

  cluster.it('are not for batches and messages with a delay', async site => {
    const topic = await site.freshTopic(1)
    const { transactionListener, executed } = listenerOf(site, { first: 'COMMIT_MESSAGE', later: 'UNKNOW' })
    const producer = await site.transactionProducer({ transactionListener })
    const refused = { code: 'INVALID_MESSAGE', sent: 'NO' }
    const message = { topic, body: 'x' }
    for (const delay of [{ delayTimeLevel: 1 }, { delayMs: 1 }, { deliverAt: new Date() }])
      await expect(producer.sendInTransaction({ ...message, ...delay })).rejects.toMatchObject(refused)
    await expect(producer.sendInTransaction([message] as never)).rejects.toMatchObject(refused)
    expect(executed).toEqual([])
  })
})
