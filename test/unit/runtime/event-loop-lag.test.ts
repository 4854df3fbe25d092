import { EventLoopLag } from '../../../lib/runtime/event-loop-lag'

const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

function blockFor(ms: number): void {
  const until = process.hrtime.bigint() + BigInt(ms) * 1_000_000n
  while (process.hrtime.bigint() < until);
}

describe('the lag of the event loop', () => {
  it('is how late it is while it is kept busy, and is measured anew each time', async () => {
    const lag = new EventLoopLag()
    for (let i = 0; i < 6; i++) {
      blockFor(60)
      await turn()
    }
    const busy = lag.takeMs()
    lag.stop()
    expect(busy).toBeGreaterThan(30)
    expect(lag.takeMs()).toBe(0)
  })
})
