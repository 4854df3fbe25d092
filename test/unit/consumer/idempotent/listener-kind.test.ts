import { listenerKind } from '../../../../lib/consumer/idempotent/listener-kind'
import { consumeContext } from '../../../support/idempotent-setup'

const none = listenerKind('none', 30_000)
const left = (firstFailed: number, unjudged = false) => ({
  firstFailed,
  handled: [],
  failed: [],
  skipped: [],
  unjudged,
})

describe('what a concurrent listener returns', () => {
  it.each([
    [undefined, 3],
    ['CONSUME_SUCCESS', 3],
    ['RECONSUME_LATER', 0],
    [{ status: 'RECONSUME_LATER', firstFailed: 2 }, 2],
  ])('%p has handled this many of three', (result, succeeded) => {
    expect(none.judge(result, 3, consumeContext()).succeeded).toBe(succeeded)
  })

  it('keeps its delay level, for the first message of the whole batch that failed', () => {
    const { failure } = none.judge({ status: 'RECONSUME_LATER', firstFailed: 1, delayLevel: 5 }, 2, consumeContext())
    expect(failure(left(4))).toEqual({ status: 'RECONSUME_LATER', firstFailed: 4, delayLevel: 5 })
  })

  it('sends to the dead letters at once only where it has judged all that come again', () => {
    const { failure } = none.judge({ status: 'RECONSUME_LATER', delayLevel: -1 }, 2, consumeContext())
    expect(failure(left(0))).toMatchObject({ delayLevel: -1 })
    expect(failure(left(0, true))).toMatchObject({ delayLevel: 0 })
  })

  it.each([
    [30_000, 4],
    [30_001, 5],
    [10, 1],
    [86_400_000, 18],
  ])('has what is in hand elsewhere come again when a lease of %i ms has run out: level %i', (leaseMs, delayLevel) => {
    const { failure } = listenerKind('none', leaseMs).judge(undefined, 1, consumeContext())
    expect(failure(left(1))).toEqual({ status: 'RECONSUME_LATER', firstFailed: 1, delayLevel })
  })

  it('is refused where it is garbage', () => {
    expect(() => none.judge('SUCCESS', 1, consumeContext())).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    )
  })
})

describe.each(['queue', 'key'] as const)("what a listener with ordered: '%s' returns", ordered => {
  const kind = listenerKind(ordered, 12_000)

  it('has handled all or nothing', () => {
    expect(kind.judge(undefined, 3, consumeContext()).succeeded).toBe(3)
    expect(kind.judge('SUCCESS', 3, consumeContext()).succeeded).toBe(3)
    expect(kind.judge('SUSPEND_CURRENT_QUEUE_A_MOMENT', 3, consumeContext()).succeeded).toBe(0)
  })

  it('keeps its own suspension', () => {
    const result = { status: 'SUSPEND_CURRENT_QUEUE_A_MOMENT', suspendMs: 77 }
    expect(kind.judge(result, 3, consumeContext()).failure(left(0))).toBe(result)
  })

  it('has its queue stand still for a lease where a message is in hand elsewhere, within the bounds of a suspension', () => {
    const suspension = (leaseMs: number) =>
      listenerKind(ordered, leaseMs).judge(undefined, 1, consumeContext()).failure(left(0))
    expect(suspension(12_000)).toEqual({ status: 'SUSPEND_CURRENT_QUEUE_A_MOMENT', suspendMs: 12_000 })
    expect(suspension(60_000)).toEqual({ status: 'SUSPEND_CURRENT_QUEUE_A_MOMENT', suspendMs: 30_000 })
  })

  it('is refused where it is garbage', () => {
    expect(() => kind.judge('RECONSUME_LATER', 1, consumeContext())).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    )
  })
})
