import { BrokerClocks } from '../../../../lib/consumer/pop/broker-clocks'
import { ManualClock } from '../../../../lib/runtime/manual-clock'
import { popInfo } from '../../../support/pop-setup'

describe('the clocks of brokers', () => {
  it('tell how long a message stays hidden, whatever the broker takes for the time', async () => {
    const clock = new ManualClock()
    const clocks = new BrokerClocks(clock)
    clocks.learn('a', 1000, clock.monotonic())
    clocks.learn('b', 9_000_000_000_000, clock.monotonic())
    await clock.advance(10_000)
    expect(clocks.remainingMs(popInfo())).toBe(50_000)
    expect(clocks.remainingMs(popInfo({ brokerName: 'b', popTime: 9_000_000_000_000 }))).toBe(50_000)
    await clock.advance(60_000)
    expect(clocks.remainingMs(popInfo())).toBe(-10_000)
  })

  it('do not judge messages of brokers that were never heard', () => {
    expect(new BrokerClocks(new ManualClock()).remainingMs(popInfo({ popTime: 0 }))).toBe(Infinity)
  })
})
