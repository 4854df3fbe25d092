import { ManualClock } from '../../lib/emulator/index'
import { RecoveryClock } from './recovery-clock'

function measured() {
  const clock = new ManualClock(0)
  const recovery = new RecoveryClock(clock)
  return { clock, recovery }
}

describe('a recovery clock', () => {
  it('measures from the end of the fault to the first of each kind', async () => {
    const { clock, recovery } = measured()
    recovery.faultEnds()
    await clock.advance(100)
    recovery.acknowledged()
    await clock.advance(200)
    recovery.acknowledged()
    recovery.consumed(clock.now())
    await clock.advance(1)
    recovery.consumed(clock.now())
    expect(recovery.recovery).toEqual({ sendMs: 100, consumeMs: 300 })
  })

  it('takes nothing for recovery that came before the fault was over', async () => {
    const { clock, recovery } = measured()
    recovery.acknowledged()
    recovery.consumed(clock.now())
    await clock.advance(50)
    recovery.faultEnds()
    expect(recovery.recovery).toEqual({ sendMs: undefined, consumeMs: undefined })
  })

  it('counts one place only where it is told to', async () => {
    const { clock, recovery } = measured()
    recovery.faultEnds('broker-a')
    recovery.acknowledged('broker-b')
    await clock.advance(10)
    recovery.acknowledged('broker-a')
    recovery.consumed(clock.now(), 'broker-b')
    expect(recovery.recovery).toEqual({ sendMs: 10, consumeMs: undefined })
  })

  it('takes no message for recovery that was on its way before', async () => {
    const { clock, recovery } = measured()
    await clock.advance(100)
    recovery.faultEnds()
    recovery.consumed(99)
    expect(recovery.recovery.consumeMs).toBeUndefined()
    await clock.advance(10)
    recovery.consumed(105)
    expect(recovery.recovery.consumeMs).toBe(10)
  })

  it('begins anew with another fault', async () => {
    const { clock, recovery } = measured()
    recovery.faultEnds()
    recovery.acknowledged()
    await clock.advance(10)
    recovery.faultEnds()
    await clock.advance(5)
    recovery.acknowledged()
    expect(recovery.recovery.sendMs).toBe(5)
  })
})
