import { PullThresholds } from '../../../../lib/consumer/push/pull-thresholds'
import {
  type PushConsumerOptions,
  resolvePushConsumerOptions,
} from '../../../../lib/consumer/push/push-consumer-options'

const MIB = 1_048_576

function thresholds(options: Partial<PushConsumerOptions>): PullThresholds {
  return new PullThresholds(resolvePushConsumerOptions({ consumerGroup: 'g', ...options }), 2000)
}

describe('what each queue may have in hand', () => {
  it('is its own limit, however many queues there are, where there is none for all of them', () => {
    const limits = thresholds({ pullThresholdForQueue: 7, pullThresholdSizeForQueue: 3 })
    expect(limits.share(5)).toBe(false)
    expect([limits.maxMessages, limits.maxBytes, limits.maxSpan]).toEqual([7, 3 * MIB, 2000])
  })

  it('is its share of the limit for all queues, at least one message and one MiB', () => {
    const limits = thresholds({ pullThresholdForTopic: 1000, pullThresholdSizeForTopic: 5 })
    expect([limits.maxMessages, limits.maxBytes]).toEqual([1000, 100 * MIB])
    const shares = [3, 2, 2000].map(queues => [limits.share(queues), limits.maxMessages, limits.maxBytes / MIB])
    expect(shares).toEqual([
      [true, 333, 1],
      [true, 500, 2],
      [true, 1, 1],
    ])
    expect(limits.share(2000)).toBe(false)
  })

  it('is told in messages and in size apart from each other', () => {
    const limits = thresholds({ pullThresholdForQueue: 7, pullThresholdSizeForTopic: 8 })
    expect([limits.share(2), limits.maxMessages, limits.maxBytes]).toEqual([true, 7, 4 * MIB])
  })

  it('stays as it was while there are no queues', () => {
    const limits = thresholds({ pullThresholdForTopic: 100 })
    limits.share(4)
    expect([limits.share(0), limits.maxMessages]).toEqual([false, 25])
  })
})
