import { isThenable, messagesOf } from '../../../../lib/consumer/push/consume-service'
import { ProcessQueue } from '../../../../lib/consumer/push/process-queue'
import { storedMessage } from '../../../support/records'

describe('what the consume services share', () => {
  it('gives a listener the messages of its entries in a list of its own', () => {
    const queue = new ProcessQueue({ topic: 'T', brokerName: 'b', queueId: 0 }, 0, {
      maxMessages: 9,
      maxBytes: 999,
      maxSpan: undefined,
    })
    const message = storedMessage({ queueOffset: 3 })
    queue.put([message], 4)
    const entries = queue.take(1, 0)
    expect(messagesOf(entries)).toEqual([message])
    expect(messagesOf(entries)).not.toBe(messagesOf(entries))
  })

  it.each([
    [Promise.resolve(), true],
    [{ then: () => undefined }, true],
    [{ then: 5 }, false],
    [undefined, false],
    [null, false],
    ['then', false],
    [() => undefined, false],
  ])('knows a promise of any make: %p', (value, expected) => {
    expect(isThenable(value)).toBe(expected)
  })
})
