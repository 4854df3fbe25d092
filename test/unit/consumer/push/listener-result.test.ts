import {
  clampSuspension,
  concurrentVerdict,
  orderlyVerdict,
  suspensionMs,
} from '../../../../lib/consumer/push/listener-result'

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

describe('what a concurrent listener has set on its context', () => {
  const set = (ackIndex: number | undefined, delayLevelWhenNextConsume = 0) => ({ ackIndex, delayLevelWhenNextConsume })

  it.each([
    [undefined, 5],
    [-1, 0],
    [0, 1],
    [3, 4],
    [4, 5],
    [99, 5],
  ])('with ackIndex %p the first of five that failed is number %i', (ackIndex, firstFailed) => {
    for (const result of [undefined, 'CONSUME_SUCCESS']) {
      expect(concurrentVerdict(result, 5, set(ackIndex, 2))).toEqual({ firstFailed, delayLevel: 2 })
    }
  })

  it('has no ackIndex where the listener asks for another try of all, as in Java', () => {
    expect(concurrentVerdict('RECONSUME_LATER', 5, set(2, 3))).toEqual({ firstFailed: 0, delayLevel: 3 })
  })

  it('gives way to what the result says', () => {
    const result = { status: 'RECONSUME_LATER', firstFailed: 1, delayLevel: 7 }
    expect(concurrentVerdict(result, 5, set(2, 3))).toEqual({ firstFailed: 1, delayLevel: 7 })
    expect(concurrentVerdict({ status: 'RECONSUME_LATER' }, 5, set(2, 3))).toEqual({ firstFailed: 0, delayLevel: 3 })
  })
})

describe('the verdict on a queue in order', () => {
  const byHand = { autoCommit: false, suspendCurrentQueueTimeMs: undefined }
  const byItself = { autoCommit: true, suspendCurrentQueueTimeMs: undefined }

  it.each<[unknown, object, object]>([
    [undefined, byItself, { outcome: 'COMMIT' }],
    ['SUCCESS', byItself, { outcome: 'COMMIT' }],
    ['SUSPEND_CURRENT_QUEUE_A_MOMENT', byItself, { outcome: 'SUSPEND', pauseMs: 1000 }],
    [undefined, byHand, { outcome: 'KEEP' }],
    ['SUCCESS', byHand, { outcome: 'KEEP' }],
    ['COMMIT', byHand, { outcome: 'COMMIT' }],
    ['ROLLBACK', byHand, { outcome: 'ROLLBACK', pauseMs: 1000 }],
    ['ROLLBACK', { ...byHand, suspendCurrentQueueTimeMs: 5 }, { outcome: 'ROLLBACK', pauseMs: 10 }],
    ['SUSPEND_CURRENT_QUEUE_A_MOMENT', byHand, { outcome: 'SUSPEND', pauseMs: 1000 }],
    [
      'SUSPEND_CURRENT_QUEUE_A_MOMENT',
      { ...byItself, suspendCurrentQueueTimeMs: 70 },
      { outcome: 'SUSPEND', pauseMs: 70 },
    ],
    [
      { status: 'SUSPEND_CURRENT_QUEUE_A_MOMENT', suspendMs: 20 },
      { ...byItself, suspendCurrentQueueTimeMs: 70 },
      { outcome: 'SUSPEND', pauseMs: 20 },
    ],
  ])('of %j with %j is %j', (result, context, verdict) => {
    expect(orderlyVerdict(result, context as typeof byHand, 1000)).toEqual(verdict)
  })

  it.each(['COMMIT', 'ROLLBACK', null, 5])('of %p is none where commits are automatic', result => {
    expect(() => orderlyVerdict(result, byItself, 1000)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  })
})
