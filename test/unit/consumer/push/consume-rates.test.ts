import { ConsumeRates } from '../../../../lib/consumer/push/consume-rates'

const entries = (count: number, startedAt: number) => Array.from({ length: count }, () => ({ startedAt }))

describe('ConsumeRates', () => {
  it('tells mean times and rates of the last minute, by topic', () => {
    const rates = new ConsumeRates()
    rates.of('T').pulled(1000, 32, 10)
    rates.of('T').pulled(2000, 28, 20)
    rates.of('T').called(3000, entries(30, 2996), 0)
    rates.of('T').called(3000, entries(8, 2992), 6)
    rates.of('U').called(3000, entries(600, 2999), 0)
    expect(rates.of('T').status(4000)).toEqual({
      pullRT: 15,
      pullTPS: 1,
      consumeRT: 6,
      consumeOKTPS: 32 / 60,
      consumeFailedTPS: 0.1,
      consumeFailedMsgs: 6,
    })
    expect(rates.of('U').status(4000).consumeOKTPS).toBe(10)
  })

  it('keeps failures for an hour, all else for a minute', () => {
    const rates = new ConsumeRates()
    rates.of('T').called(1000, entries(6, 992), 6)
    const later = { pullRT: 0, pullTPS: 0, consumeRT: 0, consumeOKTPS: 0, consumeFailedTPS: 0 }
    expect(rates.of('T').status(70_000)).toEqual({ ...later, consumeFailedMsgs: 6 })
    expect(rates.of('T').status(3_700_000)).toEqual({ ...later, consumeFailedMsgs: 0 })
  })

  it('forgets topics that are not wanted any more', () => {
    const rates = new ConsumeRates()
    rates.of('T').called(1000, entries(60, 999), 0)
    rates.keepOnly(['U'])
    expect(rates.of('T').status(1000).consumeOKTPS).toBe(0)
  })
})
