import { Emulator } from '../../../../lib/emulator/index'
import type { TransactionListener } from '../../../../lib/producer/transaction/transaction-listener'
import { TransactionProducer } from '../../../../lib/producer/transaction/transaction-producer'
import type { TransactionProducerOptions } from '../../../../lib/producer/transaction/transaction-producer-options'
import { deferred } from '../../../support/fake-client'

const MESSAGE = { topic: 'T', body: 'hello' }

let emulator: Emulator
let producer: TransactionProducer

async function started(
  listener: Partial<TransactionListener>,
  options: Partial<TransactionProducerOptions> = {},
): Promise<TransactionProducer> {
  producer = new TransactionProducer({
    namesrvAddr: emulator.namesrvAddr,
    producerGroup: 'g',
    transactionListener: {
      executeLocalTransaction: () => 'COMMIT_MESSAGE',
      checkLocalTransaction: () => 'UNKNOW',
      ...listener,
    },
    ...options,
  })
  await producer.start()
  return producer
}

beforeEach(async () => {
  emulator = await Emulator.start({ topics: { T: 2 } })
})

afterEach(async () => {
  if (producer.stats().state !== 'stopped') await producer.shutdown()
  await emulator.shutdown()
})

describe('a producer of transactions', () => {
  it('does the local transaction while consumers see nothing, and commits then', async () => {
    const seen: unknown[] = []
    await started({
      executeLocalTransaction: (message, arg, { transactionId, sendResult }) => {
        seen.push(message, arg, emulator.messages('T').length, producer.stats().openTransactions)
        expect(transactionId).toBe(sendResult.msgId)
        return 'COMMIT_MESSAGE'
      },
    })
    const ended = emulator.received('END_TRANSACTION')
    const result = await producer.sendInTransaction(MESSAGE, 7)
    const { header } = await ended
    expect(seen).toEqual([MESSAGE, 7, 0, 1])
    expect(header).toMatchObject({ msgId: result.msgId, commitOrRollback: 8, bname: 'broker-a', topic: 'T' })
    expect(emulator.messages('T').map(message => message.text())).toEqual(['hello'])
  })

  it.each(['FLUSH_DISK_TIMEOUT', 'FLUSH_SLAVE_TIMEOUT', 'SLAVE_NOT_AVAILABLE'] as const)(
    'rolls back what was stored as %s, without the local transaction',
    async code => {
      let executed = 0
      await started({ executeLocalTransaction: () => (executed++, 'COMMIT_MESSAGE') })
      const msgId = '7F0000010000000000000000000000FF'
      emulator.control('SEND_MESSAGE_V2', () => ({ code, header: { msgId, queueId: 1, queueOffset: 4 } }))
      const ended = emulator.received('END_TRANSACTION')
      const result = await producer.sendInTransaction(MESSAGE)
      expect(result).toMatchObject({ sendStatus: code, localTransactionState: 'ROLLBACK_MESSAGE' })
      const offsets = { tranStateTableOffset: 4, commitLogOffset: 255 }
      expect((await ended).header).toMatchObject({ commitOrRollback: 12, ...offsets })
      expect(executed).toBe(0)
    },
  )

  it('does no local transaction where the half message was refused', async () => {
    let executed = 0
    await started({ executeLocalTransaction: () => (executed++, 'COMMIT_MESSAGE') })
    emulator.control('SEND_MESSAGE_V2', () => ({ code: 'MESSAGE_ILLEGAL' }))
    await expect(producer.sendInTransaction(MESSAGE)).rejects.toMatchObject({ responseCode: 'MESSAGE_ILLEGAL' })
    expect([executed, producer.stats().openTransactions]).toEqual([0, 0])
  })

  it('sends a half message again as any other', async () => {
    await started({})
    emulator.control('SEND_MESSAGE_V2', () => ({ code: 'SYSTEM_BUSY' }))
    expect(await producer.sendInTransaction(MESSAGE)).toMatchObject({ localTransactionState: 'COMMIT_MESSAGE' })
  })

  it('tells why the broker could not be told, and the transaction is done all the same', async () => {
    await started({}, { confirmEnd: true })
    emulator.control('END_TRANSACTION', () => ({ code: 'SYSTEM_BUSY', remark: 'try later' }))
    const result = await producer.sendInTransaction(MESSAGE)
    expect(result).toMatchObject({ localTransactionState: 'COMMIT_MESSAGE', endError: { remark: 'try later' } })
  })

  it('has its half messages seen by interceptors as sends', async () => {
    const seen: unknown[] = []
    await started(
      {},
      {
        interceptors: [
          (context, next) => {
            seen.push(context.operation, context.mode, context.message)
            context.message = { ...MESSAGE, body: 'replaced' }
            return next()
          },
        ],
      },
    )
    await producer.sendInTransaction(MESSAGE)
    await producer.shutdown()
    expect(seen).toEqual(['send', 'SYNC', MESSAGE])
    expect(emulator.messages('T').map(message => message.text())).toEqual(['replaced'])
  })

  it('fails where an interceptor makes a batch of a half message', async () => {
    await started({}, { interceptors: [(context, next) => ((context.message = [MESSAGE]), next())] })
    await expect(producer.sendInTransaction(MESSAGE)).rejects.toMatchObject({ code: 'INVALID_MESSAGE' })
  })

  it('is shut down after its transactions have ended', async () => {
    const state = deferred<'COMMIT_MESSAGE'>()
    const executing = deferred<void>()
    await started({ executeLocalTransaction: () => (executing.resolve(), state.promise) }, { confirmEnd: true })
    const sent = producer.sendInTransaction(MESSAGE)
    await executing.promise
    const down = producer.shutdown()
    await expect(producer.sendInTransaction(MESSAGE)).rejects.toMatchObject({ code: 'INVALID_STATE' })
    state.resolve('COMMIT_MESSAGE')
    expect(await sent).not.toHaveProperty('endError')
    await down
    expect(emulator.messages('T')).toHaveLength(1)
  })

  it('makes itself known at its start to the brokers of topics that it is told of', async () => {
    await emulator.shutdown()
    emulator = await Emulator.start({ topics: { T: 2 }, autoCreateTopic: false })
    const known = emulator.received('HEART_BEAT')
    await started({}, { topics: ['T'] })
    expect((await known).body.producerDataSet).toEqual([{ groupName: 'g' }])
  })

  it('of a namespace is known by its names there, and listeners know their own', async () => {
    await emulator.shutdown()
    emulator = await Emulator.start({ transactionTimeOutMs: 1, transactionCheckIntervalMs: 20 })
    const asked = deferred<string>()
    await started(
      {
        executeLocalTransaction: () => 'UNKNOW',
        checkLocalTransaction: message => (asked.resolve(message.topic), 'COMMIT_MESSAGE'),
      },
      { namespace: 'ns' },
    )
    const ended = emulator.received('END_TRANSACTION', ({ header }) => header.commitOrRollback === 8)
    await producer.sendInTransaction(MESSAGE)
    expect(await asked.promise).toBe('T')
    expect((await ended).header).toMatchObject({ producerGroup: 'ns%g' })
    expect(emulator.messages('ns%T').map(message => message.text())).toEqual(['hello'])
  })

  it('needs a start', async () => {
    producer = new TransactionProducer({
      namesrvAddr: emulator.namesrvAddr,
      producerGroup: 'g',
      transactionListener: {
        executeLocalTransaction: () => 'COMMIT_MESSAGE',
        checkLocalTransaction: () => 'UNKNOW',
      },
    })
    await expect(producer.sendInTransaction(MESSAGE)).rejects.toMatchObject({ code: 'INVALID_STATE' })
    expect(producer.stats()).toMatchObject({ openTransactions: 0, checksRunning: 0 })
  })
})
