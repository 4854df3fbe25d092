import type { RequestOf } from '../../../lib/commands/command'
import type { CHECK_TRANSACTION_STATE, END_TRANSACTION } from '../../../lib/commands/transaction'
import { BrokerState } from '../../../lib/emulator/broker-state'
import type { EmulatedVersion } from '../../../lib/emulator/generation'
import type { Transactions } from '../../../lib/emulator/transactions'
import { TRANS_CHECK_MAX_TIME_TOPIC, TRANS_HALF_TOPIC, TRANS_OP_HALF_TOPIC } from '../../../lib/model/system-topics'
import { hostBytes } from '../../../lib/wire/host-address'
import type { StoredMessage } from '../../../lib/wire/stored-message'
import { decodeStoredMessages } from '../../../lib/wire/stored-message-decoder'
import { STATE_OPTIONS, sharedParts } from '../../support/emulator-parts'

const HOST = hostBytes('127.0.0.1:10911')
const COMMIT = 8
const ROLLBACK = 12
const CONTEXT = { brokerName: 'broker-a', offsetDelta: 0 }

type EndHeader = RequestOf<typeof END_TRANSACTION>['header']
type Question = RequestOf<typeof CHECK_TRANSACTION_STATE>

function setup(version: EmulatedVersion = '5') {
  const shared = sharedParts(version)
  const state = new BrokerState({ ...shared, ...STATE_OPTIONS, transactionCheckMax: 2 })
  const { transactions, store } = state
  const prepare = (text: string, properties: Record<string, string> = {}) =>
    transactions.prepare({
      topic: 'T',
      queueId: 3,
      flag: 5,
      body: Buffer.from(text),
      properties: { UNIQ_KEY: `ID-${text}`, TRAN_MSG: 'true', PGROUP: 'orders', ...properties },
      sysFlag: 4,
      bornTimestamp: shared.clock.now(),
      bornHost: HOST,
      storeHost: HOST,
      reconsumeTimes: 0,
    })
  const stored = (topic: string, queueId = 0): StoredMessage[] => {
    const queue = store.findQueue(topic, queueId)
    const offsets = Array.from({ length: queue?.maxOffset ?? 0 }, (_, i) => queue?.positionOf(i) as number)
    return offsets.flatMap(at => decodeStoredMessages(store.log.readRecord(at) as Buffer, CONTEXT).messages)
  }
  return { ...shared, transactions, prepare, stored, textsOf: (topic: string, id = 0) => texts(stored(topic, id)) }
}

const texts = (messages: readonly StoredMessage[]): string[] => messages.map(message => message.text())

function endOf({ queueOffset, commitLogOffset }: { queueOffset: number; commitLogOffset: number }, bits: number) {
  const offsets = { tranStateTableOffset: queueOffset, commitLogOffset }
  return { ...offsets, producerGroup: 'orders', msgId: 'x', commitOrRollback: bits } as EndHeader
}

/** One round: what is asked, and of which group. */
function checked(transactions: Transactions): { group: string; question: Question; message: StoredMessage }[] {
  const asked: ReturnType<typeof checked> = []
  transactions.check((group, question) => {
    const [message] = decodeStoredMessages(Buffer.from(question.body), CONTEXT).messages
    asked.push({ group, question, message: message as StoredMessage })
  })
  return asked
}

describe('half messages', () => {
  it('are stored where consumers do not see them, and committed to where they were meant for', () => {
    const { prepare, transactions, stored, textsOf } = setup()
    const half = prepare('a')
    expect([textsOf(TRANS_HALF_TOPIC), textsOf('T', 3)]).toEqual([['a'], []])
    transactions.end(endOf(half, COMMIT))
    const [message] = stored('T', 3) as [StoredMessage]
    expect(message).toMatchObject({ flag: 5, sysFlag: 8, preparedTransactionOffset: half.commitLogOffset })
    const properties = { UNIQ_KEY: 'ID-a', TRAN_MSG: 'true', PGROUP: 'orders', __transactionId__: 'ID-a' }
    expect(message.properties).toEqual(properties)
    expect(stored(TRANS_OP_HALF_TOPIC)).toMatchObject([{ tags: 'd' }])
    expect(textsOf(TRANS_OP_HALF_TOPIC)).toEqual(['0,'])
  })

  it('of generation 4.9 keep their place in their properties, and have no transaction id', () => {
    const { prepare, transactions, stored, textsOf } = setup('4.9')
    transactions.end(endOf(prepare('a'), COMMIT))
    const properties = { UNIQ_KEY: 'ID-a', TRAN_MSG: 'true', PGROUP: 'orders', REAL_TOPIC: 'T', REAL_QID: '3' }
    expect(stored('T', 3)[0]?.properties).toEqual(properties)
    expect(textsOf(TRANS_OP_HALF_TOPIC)).toEqual(['0'])
  })

  it('that are rolled back are stored nowhere, and asked about never', () => {
    const { prepare, transactions, textsOf, clock } = setup()
    transactions.end(endOf(prepare('a'), ROLLBACK))
    void clock.advance(60_000)
    expect(checked(transactions)).toEqual([])
    expect(textsOf('T', 3)).toEqual([])
  })

  it('that are committed twice are delivered twice, as by the real one', () => {
    const { prepare, transactions, textsOf } = setup()
    const half = prepare('a')
    transactions.end(endOf(half, COMMIT))
    transactions.end(endOf(half, COMMIT))
    expect(textsOf('T', 3)).toEqual(['a', 'a'])
  })

  it('are ended only by their group, with both of their offsets', () => {
    const { prepare, transactions } = setup()
    const half = prepare('a')
    const end = endOf(half, COMMIT)
    expect(() => transactions.end({ ...end, producerGroup: 'others' })).toThrow('The producer group wrong')
    expect(() => transactions.end({ ...end, tranStateTableOffset: 9 })).toThrow('state table offset wrong')
    expect(() => transactions.end({ ...end, commitLogOffset: 9 })).toThrow('Find prepared transaction message failed')
  })

  it('are asked about once they are old enough, with new offsets each time', async () => {
    const { prepare, transactions, clock } = setup()
    prepare('a')
    expect(checked(transactions)).toEqual([])
    await clock.advance(6000)
    expect(checked(transactions)).toEqual([])
    await clock.advance(1)
    const [first] = checked(transactions)
    expect(first).toMatchObject({ group: 'orders', question: { header: { topic: TRANS_HALF_TOPIC, msgId: 'ID-a' } } })
    expect(first?.message).toMatchObject({ topic: 'T', queueId: 3, sysFlag: 0, queueOffset: 1 })
    expect(first?.message.properties).toMatchObject({ TRANSACTION_CHECK_TIMES: '1', WAIT: 'false' })
    expect(first?.question.header.tranStateTableOffset).toBe(1)
    await clock.advance(1)
    const [second] = checked(transactions)
    expect(second?.message).toMatchObject({ queueOffset: 2, properties: { TRANSACTION_CHECK_TIMES: '2' } })
  })

  it('hold up those after them while they are young', async () => {
    const { prepare, transactions, clock } = setup()
    prepare('old')
    await clock.advance(5000)
    prepare('young')
    await clock.advance(1001)
    expect(texts(checked(transactions).map(({ message }) => message))).toEqual(['old'])
  })

  it('are given up after as many checks as were set', async () => {
    const { prepare, transactions, clock, textsOf } = setup()
    prepare('a')
    await clock.advance(6001)
    for (let round = 0; round < 2; round++) {
      expect(checked(transactions)).toHaveLength(1)
      await clock.advance(1)
    }
    expect(checked(transactions)).toEqual([])
    expect(textsOf(TRANS_CHECK_MAX_TIME_TOPIC)).toEqual(['a'])
    expect(checked(transactions)).toEqual([])
    expect(textsOf(TRANS_CHECK_MAX_TIME_TOPIC)).toHaveLength(1)
  })

  it('with an immunity time are asked about only when it is over, and hold up nobody', async () => {
    const { prepare, transactions, clock } = setup()
    prepare('immune', { CHECK_IMMUNITY_TIME_IN_SECONDS: '10' })
    prepare('plain')
    await clock.advance(6001)
    const [asked, ...more] = checked(transactions)
    expect([asked?.message.text(), more]).toEqual(['plain', []])
    await clock.advance(4000)
    transactions.end({ ...endOf(asked?.message as StoredMessage, COMMIT), fromTransactionCheck: true })
    expect(texts(checked(transactions).map(({ message }) => message))).toEqual(['immune'])
  })

  it('are no longer ended by their producer after their immunity time, but by a check, in generation 5', async () => {
    for (const version of ['5', '4.9'] as const) {
      const { prepare, transactions, clock, textsOf } = setup(version)
      const end = endOf(prepare('a', { CHECK_IMMUNITY_TIME_IN_SECONDS: '10' }), COMMIT)
      await clock.advance(10_001)
      if (version === '5') {
        expect(() => transactions.end(end)).toThrow(expect.objectContaining({ responseCode: 'ILLEGAL_OPERATION' }))
        transactions.end({ ...end, fromTransactionCheck: true })
      } else transactions.end(end)
      expect(textsOf('T', 3)).toEqual(['a'])
    }
  })

  it('may always be ended by their producer before they are old enough to be asked about', async () => {
    const { prepare, transactions, clock, textsOf } = setup()
    const end = endOf(prepare('a', { CHECK_IMMUNITY_TIME_IN_SECONDS: '1' }), COMMIT)
    await clock.advance(6000)
    transactions.end(end)
    expect(textsOf('T', 3)).toEqual(['a'])
  })
})
