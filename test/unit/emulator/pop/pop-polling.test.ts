import { type ParkedPop, PopPolling } from '../../../../lib/emulator/pop/pop-polling'
import { Schedule } from '../../../../lib/emulator/schedule'
import { ManualClock } from '../../../../lib/runtime/manual-clock'

function site(wakes: 'first' | 'last' = 'first') {
  const clock = new ManualClock()
  const polling = new PopPolling({ clock, schedule: new Schedule(clock), wakes })
  const resumed: string[] = []
  const park = (name: string, rest: Partial<ParkedPop> = {}) =>
    polling.park({
      topic: 'T',
      group: 'g',
      queueId: -1,
      expiresAt: clock.now() + 1000,
      isGone: () => false,
      resume: () => void resumed.push(name),
      ...rest,
    })
  return { clock, polling, resumed, park }
}

const nextTick = (): Promise<void> => new Promise(resolve => process.nextTick(resolve))

describe('PopPolling', () => {
  it('has one of each group go on for a message, and one that waits for its queue', async () => {
    const { polling, resumed, park } = site()
    park('one')
    park('two')
    park('queue 1', { queueId: 1 })
    park('queue 2', { queueId: 2 })
    park('other group', { group: 'h' })
    park('other topic', { topic: 'U' })
    polling.onArrived('T', 1)
    expect(resumed).toEqual([])
    await nextTick()
    expect(resumed).toEqual(['one', 'queue 1', 'other group'])
    expect(polling.size).toBe(3)
  })

  it('has those go on first whose time ends first, or last', async () => {
    for (const [wakes, first] of [
      ['first', 'soon'],
      ['last', 'late'],
    ] as const) {
      const { clock, polling, resumed, park } = site(wakes)
      park('later', { expiresAt: clock.now() + 5000 })
      park('soon')
      park('late', { expiresAt: clock.now() + 9000 })
      expect(polling.wake({ topic: 'T', group: 'g', queueId: -1 })).toBe(true)
      await nextTick()
      expect(resumed).toEqual([first])
    }
  })

  it('has everyone go on when the time is over, a little early', async () => {
    const { clock, polling, resumed, park } = site()
    park('one')
    await clock.advance(950)
    expect(resumed).toEqual([])
    await clock.advance(1)
    expect([resumed, polling.size]).toEqual([['one'], 0])
    expect(park('too late', { expiresAt: clock.now() + 49 })).toBe('TIMEOUT')
  })

  it('passes over those who are gone', async () => {
    const { polling, resumed, park } = site()
    park('gone', { isGone: () => true })
    park('here')
    expect(polling.wake({ topic: 'T', group: 'g', queueId: -1 })).toBe(true)
    expect(polling.wake({ topic: 'T', group: 'g', queueId: -1 })).toBe(false)
    await nextTick()
    expect(resumed).toEqual(['here'])
  })

  it('takes no more than a number for each queue', () => {
    const { park, polling } = site()
    for (let i = 0; i < 1025; i++) expect(park(`${i}`)).toBe('PARKED')
    expect([park('one more'), park('other queue', { queueId: 0 })]).toEqual(['FULL', 'PARKED'])
    expect(polling.size).toBe(1026)
  })

  it('forgets all without an answer', async () => {
    const { clock, polling, resumed, park } = site()
    park('one')
    polling.clear()
    await clock.advance(5000)
    expect([resumed, polling.size]).toEqual([[], 0])
  })
})
