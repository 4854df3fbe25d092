import { DelayedDelivery } from '../../../lib/emulator/delayed-delivery'
import { Schedule } from '../../../lib/emulator/schedule'
import { ManualClock } from '../../../lib/runtime/manual-clock'

function site() {
  const clock = new ManualClock()
  const delivered: number[] = []
  const deliver = (offset: number): void => void delivered.push(offset)
  return { clock, delivered, delayed: new DelayedDelivery({ clock, schedule: new Schedule(clock), deliver }) }
}

describe('DelayedDelivery', () => {
  it('delivers each message at its time', async () => {
    const { clock, delivered, delayed } = site()
    delayed.start()
    delayed.add(200, clock.now() + 2000)
    delayed.add(100, clock.now() + 1000)
    expect(delayed.size).toBe(2)
    await clock.advance(1000)
    expect([delivered, delayed.size]).toEqual([[100], 1])
    await clock.advance(1000)
    expect([delivered, delayed.size]).toEqual([[100, 200], 0])
  })

  it('delivers what fell due while the broker was down when it is up again', async () => {
    const { clock, delivered, delayed } = site()
    delayed.start()
    delayed.add(100, clock.now() + 1000)
    delayed.stop()
    await clock.advance(1000)
    expect([delivered, delayed.size]).toEqual([[], 1])
    delayed.start()
    expect([delivered, delayed.size]).toEqual([[100], 0])
  })
})
