import { suspendTimes } from '../../../../lib/consumer/pull/suspend-times'

describe('the times of a pull that a broker may hold', () => {
  it('are those of Java, and the wait for the answer is always the longer one', () => {
    expect(suspendTimes({})).toEqual({ brokerSuspendMaxTimeMs: 20_000, consumerTimeoutWhenSuspendMs: 30_000 })
    expect(suspendTimes({ brokerSuspendMaxTimeMs: 25_000 }).consumerTimeoutWhenSuspendMs).toBe(35_000)
    const given = { brokerSuspendMaxTimeMs: 500, consumerTimeoutWhenSuspendMs: 500 }
    expect(suspendTimes(given)).toEqual(given)
  })

  it('are refused where the answer would always come too late', () => {
    expect(() => suspendTimes({ brokerSuspendMaxTimeMs: 500, consumerTimeoutWhenSuspendMs: 499 })).toThrow(
      'consumerTimeoutWhenSuspendMs is 499; it must be at least brokerSuspendMaxTimeMs, which is 500',
    )
    expect(() => suspendTimes({ brokerSuspendMaxTimeMs: 0 })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    )
  })
})
