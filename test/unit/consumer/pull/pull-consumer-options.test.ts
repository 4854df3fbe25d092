import { resolvePullConsumerOptions } from '../../../../lib/consumer/pull/pull-consumer-options'

describe('options of a pull consumer', () => {
  it('have the defaults of Java', () => {
    expect(resolvePullConsumerOptions({ consumerGroup: 'g' })).toMatchObject({
      consumerGroup: 'g',
      messageModel: 'CLUSTERING',
      consumerPullTimeoutMs: 10_000,
      brokerSuspendMaxTimeMs: 20_000,
      consumerTimeoutWhenSuspendMs: 30_000,
      maxReconsumeTimes: 16,
    })
  })

  it.each<[string, object]>([
    ['consumerPullTimeoutMs', { consumerPullTimeoutMs: 0 }],
    ['brokerSuspendMaxTimeMs', { brokerSuspendMaxTimeMs: '5' }],
    ['maxReconsumeTimes', { maxReconsumeTimes: -1 }],
    ['messageModel', { messageModel: 'X' }],
  ])('are refused where %s is wrong: %j', (name, options) => {
    expect(() => resolvePullConsumerOptions({ consumerGroup: 'g', ...options })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(name) }),
    )
  })

  it('must be an object', () => {
    expect(() => resolvePullConsumerOptions(undefined as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    )
  })
})
