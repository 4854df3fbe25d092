import { BrokerFaults, LATENCY_TABLES, type TryOutcome } from '../../../lib/sending/broker-faults'

const DETECTOR = { intervalMs: 2000, timeoutMs: 200 }

function setup(generation: '5.x' | '4.9' = '5.x', detector: typeof DETECTOR | undefined = undefined) {
  const faults = new BrokerFaults({ ...LATENCY_TABLES[generation], detector })
  const record = (latencyMs: number, outcome: TryOutcome = 'ANSWERED', now = 0): void =>
    faults.record('a', { topic: 'T', latencyMs, outcome, now })
  /** For how long it is avoided from `now` on. */
  const avoidedMs = (now = 0): number => {
    let ms = 0
    while (!faults.isAvailable('a', now + ms)) ms += 500
    return ms
  }
  return { faults, record, avoidedMs }
}

describe('the faults of brokers', () => {
  it.each([
    ['5.x', 49, 0],
    ['5.x', 549, 0],
    ['5.x', 550, 2000],
    ['5.x', 1800, 5000],
    ['5.x', 3000, 6000],
    ['5.x', 5000, 10_000],
    ['5.x', 15_000, 30_000],
    ['4.9', 549, 0],
    ['4.9', 550, 30_000],
    ['4.9', 1000, 60_000],
    ['4.9', 2000, 120_000],
    ['4.9', 3000, 180_000],
    ['4.9', 15_000, 600_000],
  ] as const)(
    'by the table of %s, an answer after %i ms has its broker avoided for %i ms',
    (table, latency, avoided) => {
      const { record, avoidedMs } = setup(table)
      record(latency)
      expect(avoidedMs()).toBe(avoided)
    },
  )

  it.each([
    ['5.x', 10_000],
    ['4.9', 600_000],
  ] as const)(
    'by the table of %s, a failed try has its broker avoided for %i ms, however quick it was',
    (table, avoided) => {
      const { record, avoidedMs } = setup(table)
      record(1, 'FAILED')
      expect(avoidedMs()).toBe(avoided)
    },
  )

  it('are listed: who is avoided, for how long still, and whether it can be reached', () => {
    const { faults, record } = setup('5.x', DETECTOR)
    expect(faults.avoided(0)).toEqual([])
    record(550)
    expect(faults.avoided(500)).toEqual([{ brokerName: 'a', forMs: 1500, reachable: true }])
    expect(faults.avoided(2000)).toEqual([])
    record(1, 'FAILED')
    expect(faults.avoided(20_000)).toEqual([{ brokerName: 'a', forMs: 0, reachable: false }])
    faults.reached('a')
    expect(faults.avoided(20_000)).toEqual([])
  })

  it('make the time of avoidance longer, never shorter', () => {
    const { record, avoidedMs } = setup()
    record(15_000)
    record(550)
    record(1)
    expect(avoidedMs()).toBe(30_000)
    record(15_000, 'ANSWERED', 10_000)
    expect(avoidedMs(10_000)).toBe(30_000)
  })

  it('tell of one broker nothing of another', () => {
    const { faults, record } = setup()
    record(1, 'REFUSED')
    expect([faults.isAvailable('b', 0), faults.isReachable('b')]).toEqual([true, true])
  })

  it.each<[TryOutcome, boolean, boolean]>([
    ['ANSWERED', true, true],
    ['REFUSED', false, false],
    ['FAILED', true, false],
  ])(
    'tell after a try that %s whether it can be reached: %s without a detector, %s with one',
    (outcome, without, withOne) => {
      const [alone, detected] = [setup(), setup('5.x', DETECTOR)]
      alone.record(600, outcome)
      detected.record(600, outcome)
      expect([alone.faults.isReachable('a'), detected.faults.isReachable('a')]).toEqual([without, withOne])
    },
  )

  it('are forgiven by a later answer, or when the detector reaches the broker', () => {
    const { faults, record } = setup('5.x', DETECTOR)
    record(1, 'FAILED')
    record(1, 'ANSWERED')
    expect(faults.isReachable('a')).toBe(true)
    record(1, 'FAILED')
    faults.reached('a')
    faults.reached('never heard of')
    expect([faults.isReachable('a'), faults.isAvailable('a', 0)]).toEqual([true, false])
  })

  it('name the brokers to be asked, each again after the interval', () => {
    const { faults, record } = setup('5.x', DETECTOR)
    expect(faults.takeDue(0)).toEqual([])
    record(1, 'FAILED')
    expect(faults.takeDue(0)).toEqual([['a', 'T']])
    expect(faults.takeDue(1999)).toEqual([])
    expect(faults.takeDue(2000)).toEqual([['a', 'T']])
  })

  it('remember no broker that does well again, nor one that is gone', () => {
    const { faults, record } = setup('5.x', DETECTOR)
    record(1, 'FAILED')
    record(1, 'ANSWERED', 20_000)
    expect(faults.takeDue(30_000)).toEqual([])
    record(1, 'FAILED')
    faults.forget('a')
    expect(faults.takeDue(30_000)).toEqual([])
  })
})
