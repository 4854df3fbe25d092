import { blockingMessage } from '../../../../lib/consumer/push/blocking-message'
import { ProcessQueue } from '../../../../lib/consumer/push/process-queue'
import { fillKeys } from '../../../support/key-setup'

/** A queue that takes three messages. */
function smallQueue(keys: string) {
  const limits = { maxMessages: 2, maxBytes: 1e9, maxSpan: undefined }
  const queue = new ProcessQueue({ topic: 'Orders', brokerName: 'b', queueId: 0 }, 7, limits)
  return { queue, messages: fillKeys(queue, keys) }
}

describe('the message that holds a queue back', () => {
  it('is none while there is none, or nothing has failed and there is room', () => {
    expect(blockingMessage(smallQueue('').queue)).toBeUndefined()
    expect(blockingMessage(smallQueue('ab').queue)).toBeUndefined()
  })

  it('is the first that is not handled when there is no more room', () => {
    const { queue } = smallQueue('abc')
    expect(blockingMessage(queue)).toEqual({ offset: 7, shardingKey: 'a', reconsumeTimes: 0 })
    queue.finish(queue.take(1, 0))
    expect(blockingMessage(queue)).toBeUndefined()
  })

  it('is the first that is not handled when it has failed', () => {
    const { queue, messages } = smallQueue('-b')
    for (const message of messages) message.reconsumeTimes = 3
    expect(blockingMessage(queue)).toEqual({ offset: 7, shardingKey: undefined, reconsumeTimes: 3 })
  })
})
