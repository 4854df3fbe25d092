import { allocateAveragely } from '../../../../lib/consumer/allocate/averagely'
import { allocateAveragelyByCircle } from '../../../../lib/consumer/allocate/averagely-by-circle'
import { allocateByConsistentHash } from '../../../../lib/consumer/allocate/consistent-hash'
import {
  type PushConsumerOptions,
  resolveConsumeOptions,
  resolvePushConsumerOptions,
} from '../../../../lib/consumer/push/push-consumer-options'

const resolve = (options: Partial<PushConsumerOptions> = {}) =>
  resolvePushConsumerOptions({ consumerGroup: 'g', ...options })

const store = {
  load: async () => undefined,
  read: async () => undefined,
  current: () => undefined,
  update: () => undefined,
  freeze: () => undefined,
  persist: async () => undefined,
  remove: () => undefined,
}

describe('options of a push consumer', () => {
  it('have the defaults of Java', () => {
    expect(resolve()).toEqual({
      consumerGroup: 'g',
      messageModel: 'CLUSTERING',
      consumeFromWhere: 'CONSUME_FROM_LAST_OFFSET',
      consumeTimestamp: undefined,
      allocateStrategy: allocateAveragely,
      offsetStore: undefined,
      localOffsetStoreDir: undefined,
      broadcastOffsetKey: undefined,
      pullBatchSize: 32,
      pullBatchSizeInBytes: 262_144,
      pullIntervalMs: 0,
      pullThresholdForQueue: 1000,
      pullThresholdSizeForQueue: 100,
      pullThresholdForTopic: undefined,
      pullThresholdSizeForTopic: undefined,
      consumeConcurrentlyMaxSpan: 2000,
      maxReconsumeTimes: undefined,
      suspendCurrentQueueTimeMs: 1000,
      consumeTimeoutMs: 900_000,
      persistConsumerOffsetIntervalMs: 5000,
      messageFilters: [],
      postSubscriptionWhenPull: false,
      clientRebalance: true,
      popInvisibleTimeMs: 60_000,
      popBatchNums: 32,
      popThresholdForQueue: 96,
      interceptors: [],
    })
  })

  it('let brokers share queues by strategies that these know only: by another nobody would get any', () => {
    const shared = (options: Partial<PushConsumerOptions>) => resolve({ clientRebalance: false, ...options })
    for (const allocateStrategy of [allocateAveragely, allocateAveragelyByCircle])
      expect(shared({ allocateStrategy }).clientRebalance).toBe(false)
    const ring = allocateByConsistentHash()
    const says = /AVG and AVG_BY_CIRCLE only, not CONSISTENT_HASH/
    expect(() => shared({ allocateStrategy: ring })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', group: 'g', message: expect.stringMatching(says) }),
    )
    expect(shared({ allocateStrategy: ring, clientRebalance: true }).clientRebalance).toBe(true)
    expect(shared({ allocateStrategy: ring, messageModel: 'BROADCASTING' }).clientRebalance).toBe(false)
  })

  it('are taken over where they are given', () => {
    const given = {
      messageModel: 'BROADCASTING',
      consumeFromWhere: 'CONSUME_FROM_TIMESTAMP',
      consumeTimestamp: 5,
      allocateStrategy: { name: 'MINE', allocate: () => [] },
      offsetStore: store,
      localOffsetStoreDir: '/tmp',
      pullBatchSize: 1,
      pullIntervalMs: 65_535,
      pullThresholdForTopic: 6_553_500,
      pullThresholdSizeForTopic: 1,
      maxReconsumeTimes: 0,
      postSubscriptionWhenPull: true,
      interceptors: [(_context, next) => next()],
    } satisfies Partial<PushConsumerOptions>
    expect(resolve(given)).toMatchObject(given)
  })

  it('take Java’s -1 for the default of the kind of listener', () => {
    expect(resolve({ maxReconsumeTimes: -1 }).maxReconsumeTimes).toBeUndefined()
  })

  it('take Java’s -1 for no limit of all queues together', () => {
    const options = { pullThresholdForTopic: -1, pullThresholdSizeForTopic: -1 }
    expect(resolve(options)).toMatchObject({ pullThresholdForTopic: undefined, pullThresholdSizeForTopic: undefined })
  })

  it.each<[keyof PushConsumerOptions, number, number]>([
    ['pullBatchSize', 1, 1024],
    ['pullBatchSizeInBytes', 1, 0x7fffffff],
    ['pullIntervalMs', 0, 65_535],
    ['pullThresholdForQueue', 1, 65_535],
    ['pullThresholdSizeForQueue', 1, 1024],
    ['pullThresholdForTopic', 1, 6_553_500],
    ['pullThresholdSizeForTopic', 1, 102_400],
    ['consumeConcurrentlyMaxSpan', 1, 65_535],
    ['maxReconsumeTimes', 0, 0x7fffffff],
    ['suspendCurrentQueueTimeMs', 0, 0x7fffffff],
    ['consumeTimeoutMs', 1, 0x7fffffff],
    ['persistConsumerOffsetIntervalMs', 1, 0x7fffffff],
  ])('take %s from %i to %i, and nothing beyond', (name, min, max) => {
    for (const value of [min, max]) expect(resolve({ [name]: value })).toMatchObject({ [name]: value })
    // -1 is Java's word for the default of some.
    for (const value of [min === 0 ? -2 : 0, max + 1, min + 0.5]) {
      expect(() => resolve({ [name]: value })).toThrow(
        expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(name) }),
      )
    }
  })

  it.each<[string, object]>([
    ['there is no pullBatch', { pullBatch: 5 }],
    ['clientRebalance', { clientRebalance: 'no' }],
    ['postSubscriptionWhenPull', { postSubscriptionWhenPull: 1 }],
    ['messageModel', { messageModel: 'clustering' }],
    ['consumeFromWhere', { consumeFromWhere: 'first' }],
    ['consumeTimestamp', { consumeTimestamp: 'yesterday' }],
    ['consumeTimestamp', { consumeTimestamp: '20241301000000' }],
    ['consumeTimestamp', { consumeTimestamp: '20240230000000' }],
    ['consumeTimestamp', { consumeTimestamp: '20240229250000' }],
    ['consumeTimestamp', { consumeTimestamp: -1 }],
    ['consumeTimestamp', { consumeTimestamp: new Date(NaN) }],
    ['allocateStrategy', { allocateStrategy: 'AVG' }],
    ['allocateStrategy', { allocateStrategy: {} }],
    ['allocateStrategy', { allocateStrategy: null }],
    ['offsetStore', { offsetStore: { ...store, persist: undefined } }],
    ['pullBatchSize', { pullBatchSize: 0 }],
    ['pullBatchSize', { pullBatchSize: 1025 }],
    ['pullBatchSizeInBytes', { pullBatchSizeInBytes: 0 }],
    ['pullIntervalMs', { pullIntervalMs: -1 }],
    ['pullThresholdForQueue', { pullThresholdForQueue: 65_536 }],
    ['pullThresholdSizeForQueue', { pullThresholdSizeForQueue: 1025 }],
    ['pullThresholdForTopic', { pullThresholdForTopic: 0 }],
    ['pullThresholdForTopic', { pullThresholdForTopic: 6_553_501 }],
    ['pullThresholdForTopic', { pullThresholdForTopic: '5' }],
    ['pullThresholdSizeForTopic', { pullThresholdSizeForTopic: 0 }],
    ['pullThresholdSizeForTopic', { pullThresholdSizeForTopic: 102_401 }],
    ['consumeConcurrentlyMaxSpan', { consumeConcurrentlyMaxSpan: '5' }],
    ['maxReconsumeTimes', { maxReconsumeTimes: -2 }],
    ['suspendCurrentQueueTimeMs', { suspendCurrentQueueTimeMs: NaN }],
    ['consumeTimeoutMs', { consumeTimeoutMs: 0 }],
    ['persistConsumerOffsetIntervalMs', { persistConsumerOffsetIntervalMs: 0 }],
    ['popInvisibleTimeMs', { popInvisibleTimeMs: 4999 }],
    ['popInvisibleTimeMs', { popInvisibleTimeMs: 300_001 }],
    ['popBatchNums', { popBatchNums: 0 }],
    ['popBatchNums', { popBatchNums: 33 }],
    ['popThresholdForQueue', { popThresholdForQueue: 0 }],
    ['interceptors', { interceptors: [5] }],
    ['interceptors', { interceptors: () => undefined }],
  ])('are refused where %s is wrong: %j', (name, options) => {
    expect(() => resolve(options)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(name) }),
    )
  })

  it.each([undefined, '', 'no group', 'DEFAULT_CONSUMER', 5])('need a group that brokers accept, not %j', group => {
    expect(() => resolve({ consumerGroup: group as string })).toThrow(
      expect.objectContaining({ code: 'INVALID_GROUP' }),
    )
  })

  it.each([undefined, null, 'g'])('must be an object, not %j', options => {
    expect(() => resolvePushConsumerOptions(options as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    )
  })

  it('take a time to begin at as a Date, as milliseconds, or as Java writes it in local time', () => {
    const date = new Date(2024, 1, 29, 13, 5, 9)
    for (const consumeTimestamp of [date, date.getTime(), '20240229130509'])
      expect(resolve({ consumeTimestamp }).consumeTimestamp).toBe(date.getTime())
  })
})

describe('how listeners are called', () => {
  it('is one message at a time, 20 calls at once, in any order, unless told otherwise', () => {
    const twenty = { min: 20, max: 20 }
    expect(resolveConsumeOptions({})).toEqual({ ordered: 'none', batchSize: 1, concurrency: twenty })
    const given = { ordered: 'queue', batchSize: 1024, concurrency: { min: 1, max: 1000 } } as const
    expect(resolveConsumeOptions(given)).toEqual(given)
  })

  it('may be no more than so many messages a second', () => {
    const limited = resolveConsumeOptions({ rateLimit: { perSecond: 50 } })
    expect(limited.rateLimit).toEqual({ perSecond: 50, burst: 50 })
  })

  it.each<[string, object]>([
    ['there is no order', { order: 'queue' }],
    ['concurrency: there is no most', { concurrency: { min: 1, most: 2 } }],
    ['rateLimit: there is no rate', { rateLimit: { rate: 2 } }],
    ['ordered', { ordered: 'keys' }],
    ['batchSize', { batchSize: 0 }],
    ['batchSize', { batchSize: 1025 }],
    ['concurrency', { concurrency: 0 }],
    ['concurrency', { concurrency: 1001 }],
    ['concurrency', { concurrency: '20' }],
    ['rateLimit', { rateLimit: { perSecond: 0 } }],
  ])('is refused where %s is wrong: %j', (name, options) => {
    expect(() => resolveConsumeOptions(options)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(name) }),
    )
  })
})
