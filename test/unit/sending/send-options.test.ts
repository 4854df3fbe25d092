import { type SendOptions, checkSendOptions } from '../../../lib/sending/send-options'

const queue = { topic: 'T', brokerName: 'b', queueId: 0 }

describe('checkSendOptions', () => {
  it.each<SendOptions>([
    {},
    { timeoutMs: 1 },
    { timeoutMs: 1000, signal: new AbortController().signal },
    { queue },
    { selector: queues => queues[0] as never, arg: undefined },
    { shardingKey: 'k' },
  ])('takes %j', options => {
    expect(() => checkSendOptions(options)).not.toThrow()
  })

  it.each<[string, unknown]>([
    ['an object', null],
    ['an object', 5],
    ['there is no timeout, there are timeoutMs', { timeout: 5 }],
    ['timeoutMs', { timeoutMs: NaN }],
    ['timeoutMs', { timeoutMs: 0 }],
    ['timeoutMs', { timeoutMs: -1 }],
    ['timeoutMs', { timeoutMs: '3000' }],
    ['timeoutMs', { timeoutMs: Infinity }],
    ['signal', { signal: {} }],
    ['signal', { signal: null }],
    ['queue', { queue: 3 }],
    ['queue', { queue: null }],
    ['queue', { queue: { topic: 'T', brokerName: 'b', queueId: '0' } }],
    ['selector', { selector: 'hash' }],
    ['only one', { queue, selector: () => queue }],
    ['only one', { queue, shardingKey: 'k' }],
    ['only one', { selector: () => queue, shardingKey: 'k' }],
  ])('names what is wrong: %s, in %j', (says, options) => {
    expect(() => checkSendOptions(options as SendOptions)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(says) }),
    )
  })
})
