import {
  buildOffsetInfo,
  offsetInfoKey,
  orderCountKey,
  parseMsgOffsetInfo,
  parseOrderCountInfo,
  parseStartOffsetInfo,
} from '../../../lib/wire/pop-offset-info'

describe('the offset infos of a pop', () => {
  it('are read by flag and queue', () => {
    expect(parseStartOffsetInfo('0 0 10;1 3 7')).toEqual(
      new Map([
        ['0@0', 10],
        ['1@3', 7],
      ]),
    )
    expect(parseMsgOffsetInfo('0 0 10,11,13')?.get(offsetInfoKey('0', 0))).toEqual([10, 11, 13])
    expect(parseOrderCountInfo('0 qo0%10 2;0 0 1')?.get(offsetInfoKey('0', orderCountKey(0, 10)))).toBe(2)
  })

  it('are written as they are read', () => {
    const text = '0 0 10,11;2 3 7'
    expect(
      buildOffsetInfo([
        { retry: '0', queue: 0, value: [10, 11] },
        { retry: '2', queue: 3, value: 7 },
      ]),
    ).toBe(text)
    expect(parseMsgOffsetInfo(text)).toEqual(
      new Map([
        ['0@0', [10, 11]],
        ['2@3', [7]],
      ]),
    )
    expect(buildOffsetInfo([])).toBe('')
  })

  it.each([undefined, ''])('are none where the broker says %p', text => {
    expect(parseStartOffsetInfo(text)).toBeUndefined()
    expect(parseMsgOffsetInfo(text)).toBeUndefined()
    expect(parseOrderCountInfo(text)).toBeUndefined()
  })

  it.each(['0 0', '0 0 1 2', '0 0 1;0 0 2', '0 0 x', ';0 0 1', ';'.repeat(3) + 'x'])(
    'refuse %p with a typed error',
    text => {
      for (const parse of [parseStartOffsetInfo, parseMsgOffsetInfo, parseOrderCountInfo])
        expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'PROTOCOL_ERROR' }))
    },
  )

  it('refuse offsets that a number would round', () => {
    expect(() => parseStartOffsetInfo('0 0 9007199254740993')).toThrow(
      expect.objectContaining({ code: 'UNSAFE_INTEGER' }),
    )
  })
})
