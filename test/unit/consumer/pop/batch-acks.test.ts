import { batchAcksOf } from '../../../../lib/consumer/pop/batch-acks'
import { parseExtraInfo } from '../../../../lib/wire/pop-extra-info'

const WHOSE = { topic: 'Orders', consumerGroup: 'billing' }
const handles = (...texts: string[]) => texts.map(parseExtraInfo)

describe('batchAcksOf', () => {
  it('joins the messages of one pop of one queue into bits', () => {
    const { brokerName, acks } = batchAcksOf(
      handles('100 7 60000 3 0 broker-a 2 100', '100 7 60000 3 0 broker-a 2 109', '5 7 60000 3 1 broker-a 0 6'),
      WHOSE,
    )
    const shared = { ...WHOSE, reviveQueueId: 3, popTime: 7, invisibleTime: 60_000 }
    expect(brokerName).toBe('broker-a')
    expect(acks).toEqual([
      { ...shared, retry: '0', startOffset: 100, queueId: 2, bitSet: Buffer.from([0b1, 0b10]) },
      { ...shared, retry: '1', startOffset: 5, queueId: 0, bitSet: Buffer.from([0b10]) },
    ])
  })

  it('keeps pops of different times apart', () => {
    const { acks } = batchAcksOf(handles('1 7 9 0 0 broker-a 0 1', '1 8 9 0 0 broker-a 0 1'), WHOSE)
    expect(acks.map(({ popTime }) => popTime)).toEqual([7, 8])
  })

  it.each([
    ['of no handle', []],
    ['of two brokers', ['1 7 9 0 0 broker-a 0 1', '1 7 9 0 0 broker-b 0 1']],
    ['of an offset before the pop', ['5 7 9 0 0 broker-a 0 1']],
    ['of an offset far behind the pop', ['5 7 9 0 0 broker-a 0 9007199254740991']],
  ])('refuses a batch %s', (_what, texts) => {
    expect(() => batchAcksOf(handles(...texts), WHOSE)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  })
})
