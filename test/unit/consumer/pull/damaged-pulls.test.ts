import { DamagedPulls } from '../../../../lib/consumer/pull/damaged-pulls'

describe('damaged answers to pulls', () => {
  it('are hopeless at the third one in a row of the same offset', () => {
    const damaged = new DamagedPulls()
    expect([damaged.isHopeless(5), damaged.isHopeless(5), damaged.isHopeless(5)]).toEqual([false, false, true])
  })

  it('are counted anew for another offset, and after one that was read', () => {
    const damaged = new DamagedPulls()
    expect([damaged.isHopeless(5), damaged.isHopeless(5), damaged.isHopeless(6)]).toEqual([false, false, false])
    expect(damaged.isHopeless(6)).toBe(false)
    damaged.clear()
    expect([damaged.isHopeless(6), damaged.isHopeless(6), damaged.isHopeless(6)]).toEqual([false, false, true])
  })

  it('are repeated until they are cleared', () => {
    const damaged = new DamagedPulls()
    expect(damaged.isRepeating).toBe(false)
    damaged.isHopeless(0)
    expect(damaged.isRepeating).toBe(true)
    damaged.clear()
    expect(damaged.isRepeating).toBe(false)
  })
})
