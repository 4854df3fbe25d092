import files from 'node:fs/promises'
import { Lanes } from '../../../../lib/producer/outbox/lanes'
import { type ReplayOutcome, Replayer } from '../../../../lib/producer/outbox/replayer'
import { Segment } from '../../../../lib/producer/outbox/segment'
import { type SpoolEntry, entryOf } from '../../../../lib/producer/outbox/spool-entry'
import { ManualClock } from '../../../../lib/runtime/manual-clock'
import { spooled } from '../../../support/spool-setup'

const segment = new Segment(files, '.', 1)

/** Messages of these keys wait; `outcomes` says what becomes of each try, by the message's number. */
function setup(
  keys: readonly string[],
  outcomes: (n: number, replayer: Replayer) => ReplayOutcome | Promise<ReplayOutcome>,
  perSecond = 1000,
) {
  const [clock, lanes, tried] = [new ManualClock(), new Lanes(), [] as number[]]
  keys.forEach((shardingKey, offset) => lanes.add(entryOf(segment, { offset, size: 1 }, spooled({ shardingKey }))))
  const replay = async ({ offset }: SpoolEntry): Promise<ReplayOutcome> => {
    tried.push(offset)
    const outcome = await outcomes(offset, replayer)
    if (outcome === 'DONE') replayer.brokersTake()
    return outcome
  }
  const replayer: Replayer = new Replayer({ clock, lanes, perSecond, replay })
  return { clock, lanes, tried, replayer }
}

describe('a replay', () => {
  it('sends what waits, each key in its order', async () => {
    const { clock, lanes, tried, replayer } = setup(['a', 'b', 'a', 'b', 'a'], () => 'DONE')
    replayer.start()
    await clock.advance(0)
    expect(lanes.size).toBe(0)
    expect(tried.filter(n => n % 2 === 0)).toEqual([0, 2, 4])
    expect(tried.filter(n => n % 2 === 1)).toEqual([1, 3])
    await replayer.stop()
  })

  it('keeps to its rate', async () => {
    const { clock, tried, replayer } = setup(Array.from({ length: 50 }, String), () => 'DONE', 20)
    replayer.start()
    await clock.advance(0)
    expect(tried.length).toBe(2)
    await clock.advance(1000)
    expect(tried.length).toBe(22)
    await replayer.stop()
  })

  it('tries one message at a time, ever more seldom, while none is taken, and all when one is', async () => {
    let isBack = false
    const { clock, lanes, tried, replayer } = setup(['a', 'b', 'c', 'd'], () => (isBack ? 'DONE' : 'NOT_TAKEN'))
    replayer.start()
    await clock.advance(60_000)
    const afterOneMinute = tried.length
    expect(afterOneMinute).toBeGreaterThan(20)
    expect(afterOneMinute).toBeLessThan(60)
    isBack = true
    await clock.advance(3000)
    expect([lanes.size, tried.length]).toEqual([0, afterOneMinute + 4])
    await replayer.stop()
  })

  it('goes on with others where one key is not taken, or is refused', async () => {
    const outcomes = (n: number): ReplayOutcome => (n === 0 ? 'NOT_TAKEN' : n === 1 ? 'REFUSED' : 'DONE')
    const { clock, lanes, replayer } = setup(['bad', 'refused', ...Array.from({ length: 20 }, String)], outcomes)
    replayer.start()
    await clock.advance(2000)
    expect(lanes.size).toBe(2)
    await replayer.stop()
  })

  it('tries what rests at once when something else was taken', async () => {
    const { clock, tried, replayer } = setup(['a'], () => 'NOT_TAKEN')
    replayer.start()
    await clock.advance(60_000)
    const before = tried.length
    replayer.brokersTake()
    await clock.advance(0)
    expect(tried.length).toBe(before + 1)
    await replayer.stop()
  })

  it('begins with nothing when it was stopped, and waits for what is under way', async () => {
    let end = (_outcome: ReplayOutcome): void => undefined
    const { clock, tried, replayer } = setup(['a', 'a'], () => new Promise(resolve => (end = resolve)))
    replayer.start()
    let isStopped = false
    const stopped = replayer.stop().then(() => (isStopped = true))
    await clock.advance(5000)
    expect([tried, isStopped]).toEqual([[0], false])
    end('DONE')
    await stopped
    await clock.advance(5000)
    expect(tried).toEqual([0])
  })
})
