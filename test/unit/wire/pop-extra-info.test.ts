import fc from '../../support/property'
import {
  ExtraInfoParts,
  POP_ORDER_REVIVE_QUEUE,
  buildExtraInfo,
  parseExtraInfo,
  realTopicOf,
  retryFlagOf,
} from '../../../lib/wire/pop-extra-info'

const HANDLE = '100 1700000000000 60000 3 1 broker-a 2 105'
const offset = fc.nat({ max: Number.MAX_SAFE_INTEGER })

describe('parseExtraInfo', () => {
  it('reads every part of a receipt handle', () => {
    expect(parseExtraInfo(HANDLE)).toEqual({
      ckQueueOffset: 100,
      popTime: 1_700_000_000_000,
      invisibleTime: 60_000,
      reviveQid: 3,
      retry: '1',
      brokerName: 'broker-a',
      queueId: 2,
      queueOffset: 105,
    })
  })

  it('gives back what was written', () => {
    const handles = fc.record({
      ckQueueOffset: offset,
      popTime: offset,
      invisibleTime: offset,
      reviveQid: fc.integer(),
      retry: fc.constantFrom('0' as const, '1' as const, '2' as const),
      brokerName: fc.stringMatching(/^[a-z0-9_-]+$/),
      queueId: fc.nat(),
      queueOffset: offset,
    })
    fc.assert(fc.property(handles, handle => expect(parseExtraInfo(buildExtraInfo(handle))).toEqual(handle)))
  })

  it.each([
    [undefined, 'there is no receipt handle'],
    ['', 'retry flag'],
    ['100 1700000000000 60000 3 1 broker-a 2', 'it lacks the offset'],
    ['100 1700000000000 60000 3 5 broker-a 2 105', 'its retry flag "5" is not known'],
    ['x 1700000000000 60000 3 1 broker-a 2 105', 'not a 64-bit integer'],
    ['100 1700000000000 60000 3 1 broker-a 4294967296 105', 'its queue is no 32-bit integer'],
    ['100 1700000000000 60000 3 1 broker-a -1 105', 'negative'],
    ['100 1700000000000 60000 3 1 broker-a 2 -105', 'negative'],
  ])('refuses %p with a typed error', (text, says) => {
    expect(() => parseExtraInfo(text)).toThrow(
      expect.objectContaining({ code: 'PROTOCOL_ERROR', message: expect.stringContaining(says) }),
    )
  })

  it('refuses offsets that a number would round', () => {
    expect(() => parseExtraInfo('9007199254740993 1 2 3 0 b 6 7')).toThrow(
      expect.objectContaining({ code: 'UNSAFE_INTEGER' }),
    )
  })

  it('never shows the whole of what a stranger sent', () => {
    const long = 'x'.repeat(10_000)
    expect(() => parseExtraInfo(long)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('x'.repeat(200)) }),
    )
  })
})

describe('ExtraInfoParts', () => {
  it('reads the parts before the end of a handle that was cut short', () => {
    const parts = new ExtraInfoParts('1 2 3 4')
    expect([parts.ckQueueOffset, parts.popTime, parts.invisibleTime, parts.reviveQid]).toEqual([1, 2, 3, 4])
    expect(() => parts.retry).toThrow('it lacks the retry flag')
  })

  it('tells an orderly pop by its revive queue', () => {
    expect(new ExtraInfoParts(`1 2 3 ${POP_ORDER_REVIVE_QUEUE}`).isOrder).toBe(true)
    expect(new ExtraInfoParts(HANDLE).isOrder).toBe(false)
  })
})

describe('retryFlagOf', () => {
  it.each([
    ['T', '0'],
    ['%RETRY%g_T', '1'],
    ['%RETRY%g+T', '2'],
  ] as const)('tells of %s that its flag is %s, and back', (topic, flag) => {
    expect(retryFlagOf(topic)).toBe(flag)
    expect(realTopicOf(flag, 'T', 'g')).toBe(topic)
  })
})
