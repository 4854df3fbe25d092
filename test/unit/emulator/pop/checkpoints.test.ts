import { type Checkpoint, Checkpoints } from '../../../../lib/emulator/pop/checkpoints'
import { Schedule } from '../../../../lib/emulator/schedule'
import { ManualClock } from '../../../../lib/runtime/manual-clock'

function site() {
  const clock = new ManualClock()
  const revived: number[] = []
  const revive = (_checkpoint: Checkpoint, offset: number): void => void revived.push(offset)
  const checkpoints = new Checkpoints({ clock, schedule: new Schedule(clock), revive })
  checkpoints.start()
  const place = { topic: 'T', group: 'g', queueId: 0, startOffset: 5, popTime: clock.now(), brokerName: 'b' }
  checkpoints.add({ ...place, invisibleTime: 1000, offsets: [5, 7, 8], suspend: false })
  return { clock, checkpoints, revived, place }
}

describe('Checkpoints', () => {
  it('give back what was not acknowledged two seconds after its time', async () => {
    const { clock, checkpoints, revived, place } = site()
    checkpoints.ack(place, [7])
    await clock.advance(2999)
    expect(revived).toEqual([])
    await clock.advance(1)
    expect([revived, checkpoints.size]).toEqual([[5, 8], 0])
  })

  it('forget a pop of which everything was acknowledged', async () => {
    const { clock, checkpoints, revived, place } = site()
    checkpoints.ack(place, [8, 5])
    checkpoints.ack(place, [7])
    expect(checkpoints.size).toBe(0)
    await clock.advance(10_000)
    expect(revived).toEqual([])
  })

  it('pass over what belongs to another pop, group or broker', async () => {
    const { clock, checkpoints, revived, place } = site()
    const others = [
      { startOffset: 6 },
      { popTime: 1 },
      { group: 'h' },
      { queueId: 1 },
      { topic: 'U' },
      { brokerName: 'c' },
    ]
    for (const other of others) checkpoints.ack({ ...place, ...other }, [5, 7, 8])
    await clock.advance(3000)
    expect(revived).toEqual([5, 7, 8])
  })

  it('tell pops of one place apart by their times, and lose nothing where they are the same', async () => {
    const { clock, checkpoints, revived, place } = site()
    expect(checkpoints.freePopTime(place)).toBe(place.popTime + 1)
    expect(checkpoints.freePopTime({ ...place, startOffset: 6 })).toBe(place.popTime)
    checkpoints.add({ ...place, invisibleTime: 1000, offsets: [5], suspend: false })
    await clock.advance(3000)
    expect(revived).toEqual([5, 7, 8])
  })

  it('hold back what fell due while the broker was down', async () => {
    const { clock, checkpoints, revived, place } = site()
    checkpoints.stop()
    await clock.advance(10_000)
    checkpoints.ack(place, [5])
    expect(revived).toEqual([])
    checkpoints.start()
    expect(revived).toEqual([7, 8])
  })
})
