import {
  checkedInvisible,
  resolveReceiveOptions,
  resolveSimpleConsumerOptions,
} from '../../../../lib/consumer/simple/simple-consumer-options'

const DEFAULTS = { awaitDurationMs: 30_000, invisibleDurationMs: 15_000 }
const refused = expect.objectContaining({ code: 'INVALID_ARGUMENT' })

describe('options of a simple consumer', () => {
  it('have defaults', () => {
    expect(resolveSimpleConsumerOptions({ consumerGroup: 'g' })).toEqual({
      consumerGroup: 'g',
      subscriptions: [],
      ...DEFAULTS,
      consumeFromWhere: 'CONSUME_FROM_LAST_OFFSET',
      messageFilters: [],
    })
    const given = { consumerGroup: 'g', subscriptions: { A: '*', B: { sql92: 'x > 1' } } }
    expect(resolveSimpleConsumerOptions(given).subscriptions).toEqual(Object.entries(given.subscriptions))
  })

  it.each([
    { awaitDurationMs: -1 },
    { awaitDurationMs: 0x80000000 },
    { invisibleDurationMs: 999 },
    { invisibleDurationMs: 43_200_001 },
    { consumeFromWhere: 'CONSUME_FROM_TIMESTAMP' },
    { subscriptions: ['Orders'] },
    { subscriptions: 'Orders' },
    { messageFilters: 'all' },
    { messageFilters: ['even'] },
  ])('are refused where they make no sense: %j', options => {
    expect(() => resolveSimpleConsumerOptions({ consumerGroup: 'g', ...options } as never)).toThrow(refused)
  })

  it('name a group', () => {
    expect(() => resolveSimpleConsumerOptions({} as never)).toThrow(expect.objectContaining({ code: 'INVALID_GROUP' }))
    expect(() => resolveSimpleConsumerOptions(undefined as never)).toThrow(refused)
  })
})

describe('what receive is asked for', () => {
  it('is what the consumer says where nothing else is given', () => {
    expect(resolveReceiveOptions({}, DEFAULTS)).toEqual({ maxMessages: 32, ...DEFAULTS })
    const given = { maxMessages: 1, awaitDurationMs: 0, invisibleDurationMs: 1000 }
    expect(resolveReceiveOptions(given, DEFAULTS)).toEqual(given)
  })

  it.each([{ maxMessages: 0 }, { maxMessages: 33 }, { invisibleDurationMs: 0 }, { awaitDurationMs: 0.5 }])(
    'is refused where brokers could not do it: %j',
    options => expect(() => resolveReceiveOptions(options, DEFAULTS)).toThrow(refused),
  )

  it('includes an invisible time of up to 12 hours', () => {
    expect(checkedInvisible(43_200_000)).toBe(43_200_000)
  })
})
