import type { ConsumerLag } from '../../../../lib/consumer/lag/consumer-lag'
import { LagAlarms } from '../../../../lib/consumer/lag/lag-alarms'

const lagOf = (messages: readonly number[], ageMs: readonly number[] = []): ConsumerLag => ({
  queues: messages.map((behind, queueId) => ({
    queue: { topic: 'T', brokerName: 'a', queueId },
    offset: 0,
    maxOffset: behind,
    messages: behind,
    ageMs: ageMs[queueId] ?? 0,
  })),
  messages: messages.reduce((sum, each) => sum + each, 0),
  ageMs: Math.max(0, ...ageMs),
})

const told = (alarms: LagAlarms, lag: ConsumerLag): string[] =>
  alarms
    .look(lag)
    .map(
      ({ status, measure, queue, value, threshold }) =>
        `${status} ${measure} ${queue === undefined ? 'in all' : `of ${queue.queueId}`} ${value}/${threshold}`,
    )

describe('alarms of lag', () => {
  it('tell once that a threshold was passed, and once that it is kept again', () => {
    const alarms = new LagAlarms({ total: { messages: 100 }, perQueue: {} })
    expect(told(alarms, lagOf([60, 40]))).toEqual([])
    expect(told(alarms, lagOf([60, 41]))).toEqual(['EXCEEDED messages in all 101/100'])
    expect(told(alarms, lagOf([500]))).toEqual([])
    expect(told(alarms, lagOf([80]))).toEqual(['RECOVERED messages in all 80/100'])
    expect(told(alarms, lagOf([80]))).toEqual([])
  })

  it('do not flap about a threshold', () => {
    const alarms = new LagAlarms({ total: { messages: 100 }, perQueue: {} })
    expect(told(alarms, lagOf([101]))).toHaveLength(1)
    for (const messages of [99, 101, 81, 110, 90]) expect(told(alarms, lagOf([messages]))).toEqual([])
  })

  it('tell of ages, and of each queue by itself', () => {
    const alarms = new LagAlarms({ total: { ageMs: 50 }, perQueue: { messages: 10, ageMs: 70 } })
    expect(told(alarms, lagOf([11, 5, 0], [60, 80, 0]))).toEqual([
      'EXCEEDED ageMs in all 80/50',
      'EXCEEDED messages of 0 11/10',
      'EXCEEDED ageMs of 1 80/70',
    ])
    expect(told(alarms, lagOf([0, 50, 0], [0, 60, 0]))).toEqual([
      'RECOVERED messages of 0 0/10',
      'EXCEEDED messages of 1 50/10',
    ])
  })

  it('forget a queue that is given away', () => {
    const alarms = new LagAlarms({ total: {}, perQueue: { messages: 10 } })
    expect(told(alarms, lagOf([0, 20]))).toHaveLength(1)
    expect(told(alarms, lagOf([0]))).toEqual([])
    expect(told(alarms, lagOf([0, 20]))).toEqual(['EXCEEDED messages of 1 20/10'])
  })

  it('come with all that was measured', () => {
    const lag = lagOf([7])
    expect(new LagAlarms({ total: { messages: 1 }, perQueue: {} }).look(lag)[0]?.lag).toBe(lag)
  })
})
