import * as zlib from 'node:zlib'
import { type ProducerOptions, resolveProducerOptions } from '../../../lib/producer/producer-options'

const resolve = (options: Partial<ProducerOptions> = {}) => resolveProducerOptions({ producerGroup: 'g', ...options })

describe('options of a producer', () => {
  it('have the defaults of Java, and limits of what is in flight', () => {
    expect(resolve()).toEqual({
      producerGroup: 'g',
      topics: [],
      rateLimit: undefined,
      maxRequests: 10_000,
      sendTimeoutMs: 3000,
      retryTimesWhenSendFailed: 2,
      retryTimesWhenSendAsyncFailed: 2,
      retryAnotherBrokerWhenNotStoreOK: false,
      compressMsgBodyOverHowmuch: 4096,
      compressType: 'ZLIB',
      compressLevel: 5,
      autoBatch: undefined,
      maxMessageSize: 4_194_304,
      defaultTopicQueueNums: 4,
      createTopicKey: 'TBW102',
      maxInFlight: 10_000,
      maxInFlightBytes: 134_217_728,
      timerOnOldBrokers: 'reject',
      interceptors: [],
      forbiddenChecks: [],
      recallInterceptors: [],
      traceTopic: undefined,
    })
  })

  it('are taken over where they are given', () => {
    const given = {
      sendTimeoutMs: 1,
      retryTimesWhenSendFailed: 0,
      retryTimesWhenSendAsyncFailed: 100,
      retryAnotherBrokerWhenNotStoreOK: true,
      compressMsgBodyOverHowmuch: 1,
      compressType: 'LZ4',
      compressLevel: 0,
      maxMessageSize: 1,
      defaultTopicQueueNums: 1,
      createTopicKey: 'Template',
      maxInFlight: 1,
      maxInFlightBytes: 1,
      timerOnOldBrokers: 'warn',
      interceptors: [(_context, next) => next()],
      forbiddenChecks: [(_context, next) => next()],
      recallInterceptors: [(_context, next) => next()],
      topics: ['Orders'],
      rateLimit: { perSecond: 0.5, burst: 1 },
      maxRequests: 1,
    } satisfies Partial<ProducerOptions>
    const traceTopic = 'Traces'
    expect(resolve({ ...given, trace: { topic: traceTopic } })).toEqual({ producerGroup: 'g', ...given, traceTopic })
  })

  it('have the bounds of shared batches that Java has', () => {
    const bounds = { batchMaxDelayMs: 10, batchMaxBytes: 32_768, totalBatchMaxBytes: 33_554_432 }
    expect(resolve({ autoBatch: true }).autoBatch).toEqual(bounds)
    expect(resolve({ autoBatch: false, batchMaxBytes: 5 }).autoBatch).toBeUndefined()
    const given = { batchMaxDelayMs: 30_000, batchMaxBytes: 1, totalBatchMaxBytes: 1 }
    expect(resolve({ autoBatch: true, ...given }).autoBatch).toEqual(given)
  })

  it.each<[string, object]>([
    ['batchMaxDelayMs', { batchMaxDelayMs: 30_001 }],
    ['batchMaxBytes', { autoBatch: true, batchMaxBytes: 2_097_153 }],
    ['totalBatchMaxBytes', { totalBatchMaxBytes: 0 }],
    ['sendTimeoutMs', { sendTimeoutMs: 0 }],
    ['sendTimeoutMs', { sendTimeoutMs: '3000' }],
    ['retryTimesWhenSendFailed', { retryTimesWhenSendFailed: -1 }],
    ['retryTimesWhenSendAsyncFailed', { retryTimesWhenSendAsyncFailed: 1.5 }],
    ['compressMsgBodyOverHowmuch', { compressMsgBodyOverHowmuch: 0 }],
    ['compressLevel', { compressLevel: 10 }],
    ['compressLevel', { compressType: 'LZ4', compressLevel: 'best' }],
    ['compressType', { compressType: 'lz4' }],
    ['maxMessageSize', { maxMessageSize: NaN }],
    ['maxMessageSize', { maxMessageSize: 16_515_073 }],
    ['there is no retries', { retries: 3 }],
    ['autoBatch', { autoBatch: 'yes' }],
    ['retryAnotherBrokerWhenNotStoreOK', { retryAnotherBrokerWhenNotStoreOK: 'yes' }],
    ['trace: there is no topics', { trace: { topics: 'T' } }],
    ['defaultTopicQueueNums', { defaultTopicQueueNums: 0 }],
    ['maxInFlight', { maxInFlight: 0 }],
    ['maxInFlightBytes', { maxInFlightBytes: Infinity }],
    ['timerOnOldBrokers', { timerOnOldBrokers: 'ignore' }],
    ['topics', { topics: 'Orders' }],
    ['maxRequests', { maxRequests: 0 }],
    ['rateLimit.perSecond', { rateLimit: { perSecond: 0 } }],
    ['interceptors', { interceptors: [5] }],
    ['interceptors', { interceptors: () => undefined }],
  ])('are refused where %s is wrong: %j', (name, options) => {
    expect(() => resolve(options)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(name) }),
    )
  })

  const withZstd = 'zstdCompress' in zlib
  const itWithZstd = withZstd ? it : it.skip
  const itWithoutZstd = withZstd ? it.skip : it

  itWithoutZstd('tell at once that Node.js cannot write ZSTD, and what to do', () => {
    expect(() => resolve({ compressType: 'ZSTD' })).toThrow(
      expect.objectContaining({
        code: 'UNSUPPORTED_BY_RUNTIME',
        message: expect.stringMatching(/ZSTD needs Node.js 22.15 or later/),
      }),
    )
  })

  itWithZstd('have the levels of ZSTD with it', () => {
    expect(resolve({ compressType: 'ZSTD', compressLevel: 22 })).toMatchObject({ compressLevel: 22 })
    expect(() => resolve({ compressType: 'ZSTD', compressLevel: 0 })).toThrow(/compressLevel/)
  })

  it.each([undefined, '', 'no group', 'DEFAULT_PRODUCER', 5])('need a group that brokers accept, not %j', group => {
    expect(() => resolve({ producerGroup: group as string })).toThrow(
      expect.objectContaining({ code: 'INVALID_GROUP' }),
    )
  })

  it('need a topic for new topics that brokers accept', () => {
    expect(() => resolve({ createTopicKey: 'no topic' })).toThrow(expect.objectContaining({ code: 'INVALID_TOPIC' }))
  })

  it.each([undefined, null, 'g'])('must be an object, not %j', options => {
    expect(() => resolveProducerOptions(options as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    )
  })
})
