import fc from '../../support/property'
import {
  compareMessageQueues,
  messageQueueKey,
  messageQueueText,
  sameMessageQueue,
} from '../../../lib/model/message-queue'

const word = fc.string({ unit: fc.constantFrom('a', 'b', '1', '-', 'é', '😀'), maxLength: 2 })
const queue = fc.record({ topic: word, brokerName: word, queueId: fc.nat(11) })

describe('message queues', () => {
  it('are the same where topic, broker and number are', () => {
    fc.assert(
      fc.property(queue, queue, (a, b) => {
        const same = a.topic === b.topic && a.brokerName === b.brokerName && a.queueId === b.queueId
        expect(sameMessageQueue(a, b)).toBe(same)
        expect(messageQueueKey(a) === messageQueueKey(b)).toBe(same)
        expect(compareMessageQueues(a, b) === 0).toBe(same)
      }),
    )
  })

  it('have one order, whichever side is asked', () => {
    fc.assert(
      fc.property(queue, queue, (a, b) =>
        expect(Math.sign(compareMessageQueues(a, b))).toBe(0 - Math.sign(compareMessageQueues(b, a))),
      ),
    )
  })

  it('are ordered by topic, then broker name, then number', () => {
    const base = { topic: 'T', brokerName: 'b', queueId: 9 }
    expect(compareMessageQueues(base, { topic: 'U', brokerName: 'a', queueId: 0 })).toBeLessThan(0)
    expect(compareMessageQueues(base, { ...base, brokerName: 'c', queueId: 0 })).toBeLessThan(0)
    expect(compareMessageQueues(base, { ...base, queueId: 10 })).toBeLessThan(0)
  })

  it('read as they do in Java', () => {
    expect(messageQueueText({ topic: 'T', brokerName: 'b', queueId: 1 })).toBe(
      'MessageQueue [topic=T, brokerName=b, queueId=1]',
    )
  })
})
