import {
  type LitePullConsumerOptions,
  resolveLitePullConsumerOptions,
} from '../../../../lib/consumer/lite-pull/lite-pull-consumer-options'

const resolve = (options: Partial<LitePullConsumerOptions> = {}) =>
  resolveLitePullConsumerOptions({ consumerGroup: 'g', ...options })

describe('options of a lite pull consumer', () => {
  it('have the defaults of Java', () => {
    expect(resolve()).toMatchObject({
      consumerGroup: 'g',
      messageModel: 'CLUSTERING',
      consumeFromWhere: 'CONSUME_FROM_LAST_OFFSET',
      pullBatchSize: 10,
      pullThresholdForAll: 10_000,
      pullThresholdForQueue: 1000,
      pullThresholdSizeForQueue: 100,
      consumeMaxSpan: 2000,
      autoCommit: true,
      autoCommitIntervalMs: 5000,
      pollTimeoutMs: 5000,
      topicMetadataCheckIntervalMs: 30_000,
      brokerSuspendMaxTimeMs: 20_000,
      consumerTimeoutWhenSuspendMs: 30_000,
      persistConsumerOffsetIntervalMs: 5000,
      messageFilters: [],
    })
  })

  it('are taken over where they are given', () => {
    const limits = { pullBatchSize: 1024, pullThresholdForAll: 1, pullThresholdForQueue: 1 }
    const given = { ...limits, autoCommit: false, pollTimeoutMs: 0, autoCommitIntervalMs: 1000 }
    expect(resolve(given)).toMatchObject(given)
  })

  it.each<[string, object]>([
    ['pullBatchSize', { pullBatchSize: 0 }],
    ['pullBatchSize', { pullBatchSize: 1025 }],
    ['pullThresholdForAll', { pullThresholdForAll: 0 }],
    ['pullThresholdForQueue', { pullThresholdForQueue: 65_536 }],
    ['pullThresholdSizeForQueue', { pullThresholdSizeForQueue: 1025 }],
    ['consumeMaxSpan', { consumeMaxSpan: '5' }],
    ['autoCommitIntervalMs', { autoCommitIntervalMs: 999 }],
    ['pollTimeoutMs', { pollTimeoutMs: -1 }],
    ['topicMetadataCheckIntervalMs', { topicMetadataCheckIntervalMs: 0 }],
    ['consumerTimeoutWhenSuspendMs', { consumerTimeoutWhenSuspendMs: 19_999 }],
    ['offsetStore', { offsetStore: {} }],
  ])('are refused where %s is wrong: %j', (name, options) => {
    expect(() => resolve(options)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(name) }),
    )
  })

  it('must be an object with a group', () => {
    expect(() => resolveLitePullConsumerOptions(null as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    )
    expect(() => resolve({ consumerGroup: '' })).toThrow(expect.objectContaining({ code: 'INVALID_GROUP' }))
  })
})
