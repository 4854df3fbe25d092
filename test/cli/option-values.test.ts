import { property, startPoint, topicQueues, wholeNumber } from '../../lib/cli/option-values'

describe('values of options', () => {
  it('are whole numbers within their bounds', () => {
    expect(wholeNumber(0, 5)('5')).toBe(5)
    for (const text of ['-1', '6', '1.5', '1e1', '0x1', ' 1', '']) expect(() => wholeNumber(0, 5)(text)).toThrow()
  })

  it('are properties, whose value may hold what separates it from the name', () => {
    expect(property('b=1=2', property('a=0'))).toEqual({ a: '0', b: '1=2' })
    for (const text of ['', '=', 'a', 'a=', '=a']) expect(() => property(text)).toThrow(/name=value/)
  })

  it('are topics with or without a number of queues', () => {
    expect(topicQueues('Bills', topicQueues('Orders:4'))).toEqual({ Orders: 4, Bills: 8 })
    for (const text of ['', ':4', 'a:', 'a:b', 'a:1:2']) expect(() => topicQueues(text)).toThrow(/NAME:QUEUES/)
  })

  it.each([
    ['first', { consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET' }],
    ['last', { consumeFromWhere: 'CONSUME_FROM_LAST_OFFSET' }],
    ['20260131080000', { consumeFromWhere: 'CONSUME_FROM_TIMESTAMP', consumeTimestamp: '20260131080000' }],
    ['1769846400000', { consumeFromWhere: 'CONSUME_FROM_TIMESTAMP', consumeTimestamp: 1769846400000 }],
    ['2026-01-31T08:00:00Z', { consumeFromWhere: 'CONSUME_FROM_TIMESTAMP', consumeTimestamp: 1769846400000 }],
  ])('are points to start from: %s', (text, point) => {
    expect(startPoint(text)).toEqual(point)
  })

  it.each(['5', '-5', '2026', '1769846400', 'May 5', '2026-13-01', ''])('are no start where they are %s', text => {
    expect(() => startPoint(text)).toThrow(/first, last or a time/)
  })
})
