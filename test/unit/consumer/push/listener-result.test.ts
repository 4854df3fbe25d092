import { clampSuspension, concurrentVerdict, suspensionMs } from '../../../../lib/consumer/push/listener-result'

const noResult = (shown: string) =>
  expect.objectContaining({
    code: 'INVALID_ARGUMENT',
    message: expect.stringContaining(`the listener returned ${shown}`),
  })

describe('the result of a concurrent listener', () => {
  it.each([undefined, 'CONSUME_SUCCESS'])('%p is success for all of its messages', result => {
    expect(concurrentVerdict(result, 5)).toEqual({ firstFailed: 5, delayLevel: 0 })
  })

  it.each([
    ['RECONSUME_LATER', { firstFailed: 0, delayLevel: 0 }],
    [{ status: 'RECONSUME_LATER' }, { firstFailed: 0, delayLevel: 0 }],
    [
      { status: 'RECONSUME_LATER', delayLevel: 4 },
      { firstFailed: 0, delayLevel: 4 },
    ],
    [
      { status: 'RECONSUME_LATER', delayLevel: -1, firstFailed: 2 },
      { firstFailed: 2, delayLevel: -1 },
    ],
    [
      { status: 'RECONSUME_LATER', firstFailed: 5 },
      { firstFailed: 5, delayLevel: 0 },
    ],
  ])('%j asks for another try', (result, verdict) => {
    expect(concurrentVerdict(result, 5)).toEqual(verdict)
  })

  it.each<[unknown, string]>([
    [null, 'null'],
    [true, 'true'],
    [0, '0'],
    ['SUCCESS', "'SUCCESS'"],
    [{}, '{}'],
    [{ status: 'CONSUME_SUCCESS' }, '{ status'],
    [{ status: 'RECONSUME_LATER', firstFailed: -1 }, '{ status'],
    [{ status: 'RECONSUME_LATER', firstFailed: 6 }, '{ status'],
    [{ status: 'RECONSUME_LATER', firstFailed: 0.5 }, '{ status'],
    [{ status: 'RECONSUME_LATER', delayLevel: '3' }, '{ status'],
    ['x'.repeat(500), "'xxx"],
  ])('%j is none', (result, shown) => {
    expect(() => concurrentVerdict(result, 5)).toThrow(noResult(shown))
  })
})

describe('the result of an orderly listener', () => {
  it.each([undefined, 'SUCCESS'])('%p is success', result => {
    expect(suspensionMs(result, 1000)).toBeUndefined()
  })

  it.each([
    ['SUSPEND_CURRENT_QUEUE_A_MOMENT', 1000],
    [{ status: 'SUSPEND_CURRENT_QUEUE_A_MOMENT' }, 1000],
    [{ status: 'SUSPEND_CURRENT_QUEUE_A_MOMENT', suspendMs: 250 }, 250],
    [{ status: 'SUSPEND_CURRENT_QUEUE_A_MOMENT', suspendMs: 0 }, 10],
    [{ status: 'SUSPEND_CURRENT_QUEUE_A_MOMENT', suspendMs: Infinity }, 30_000],
  ])('%j stops the queue for %i ms', (result, ms) => {
    expect(suspensionMs(result, 1000)).toBe(ms)
  })

  it.each<[unknown, string]>([
    [null, 'null'],
    ['CONSUME_SUCCESS', "'CONSUME_SUCCESS'"],
    ['COMMIT', "'COMMIT'"],
    [{ status: 'SUSPEND_CURRENT_QUEUE_A_MOMENT', suspendMs: -1 }, '{ status'],
    [{ status: 'SUSPEND_CURRENT_QUEUE_A_MOMENT', suspendMs: NaN }, '{ status'],
    [{ status: 'SUSPEND_CURRENT_QUEUE_A_MOMENT', suspendMs: '5' }, '{ status'],
  ])('%j is none', (result, shown) => {
    expect(() => suspensionMs(result, 1000)).toThrow(noResult(shown))
  })
})

describe('a suspension', () => {
  it.each([
    [0, 10],
    [10, 10],
    [11, 11],
    [30_000, 30_000],
    [30_001, 30_000],
  ])('of %i ms lasts %i, in the bounds of Java', (given, ms) => {
    expect(clampSuspension(given)).toBe(ms)
  })
})
