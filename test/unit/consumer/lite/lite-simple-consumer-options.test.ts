import {
  type LiteStart,
  checkedLiteTopics,
  offsetOptionOf,
  resolveLiteSimpleConsumerOptions,
} from '../../../../lib/consumer/lite/lite-simple-consumer-options'

const LITE = { consumerGroup: 'chat', topic: 'Chats' }

describe('options of a lite consumer', () => {
  it('have defaults', () => {
    expect(resolveLiteSimpleConsumerOptions(LITE)).toEqual({
      ...LITE,
      invisibleDurationMs: 15_000,
      awaitDurationMs: 30_000,
    })
  })

  it.each<[string, object]>([
    ['INVALID_GROUP', { consumerGroup: 'a b' }],
    ['INVALID_TOPIC', { topic: '' }],
    ['INVALID_ARGUMENT', { invisibleDurationMs: 999 }],
    ['INVALID_ARGUMENT', { invisibleDurationMs: 43_200_001 }],
    ['INVALID_ARGUMENT', { awaitDurationMs: -1 }],
    ['INVALID_ARGUMENT', { invisibleMs: 5000 }],
  ])('are refused with %s: %j', (code, options) => {
    expect(() => resolveLiteSimpleConsumerOptions({ ...LITE, ...options })).toThrow(expect.objectContaining({ code }))
  })
})

describe('names of lite topics', () => {
  it('are taken once each', () => {
    expect(checkedLiteTopics(['a', 'b-1', 'a'])).toEqual(['a', 'b-1'])
  })

  it.each([['a'], [['']], [['a$b']], [['x'.repeat(65)]], [[5]]])('are not %j', given => {
    expect(() => checkedLiteTopics(given as never)).toThrow(expect.objectContaining({ code: 'INVALID_TOPIC' }))
  })
})

describe('where a group begins with a lite topic', () => {
  it.each<[LiteStart, unknown]>([
    ['CONTINUE', undefined],
    ['FIRST_OFFSET', { type: 'POLICY', value: 1 }],
    ['LAST_OFFSET', { type: 'POLICY', value: 2 }],
    [{ offset: 5 }, { type: 'OFFSET', value: 5 }],
    [{ back: 3 }, { type: 'TAIL_N', value: 3 }],
  ])('is %j', (start, option) => {
    expect(offsetOptionOf(start)).toEqual(option)
  })

  it.each([{ offset: -1 }, { back: 0.5 }])('is not %j', start => {
    expect(() => offsetOptionOf(start)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  })
})
