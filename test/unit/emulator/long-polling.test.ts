import { LongPolling, type ParkedPull } from '../../../lib/emulator/long-polling'
import { ConsumeQueue } from '../../../lib/emulator/store/consume-queue'
import { ManualClock } from '../../../lib/runtime/manual-clock'

function site() {
  const clock = new ManualClock()
  const polling = new LongPolling(clock)
  const queue = new ConsumeQueue('Orders', 0)
  const resumed: string[] = []
  const park = (name: string, rest: Partial<ParkedPull> = {}): void => {
    const resume = (): void => void resumed.push(name)
    polling.park({ queue, offset: 0, filter: undefined, waitMs: 15_000, isGone: () => false, resume, ...rest })
  }
  const arrive = (tagsCode = 0): void => {
    queue.append(queue.maxOffset * 100, { size: 100, tagsCode, storeTime: 1 })
    polling.onArrived(queue)
  }
  return { clock, polling, queue, resumed, park, arrive }
}

const nextTick = (): Promise<void> => new Promise(resolve => process.nextTick(resolve))

describe('LongPolling', () => {
  it('wakes whoever waits for a queue once for all messages of a turn', async () => {
    const { polling, resumed, park, arrive } = site()
    park('one')
    park('two')
    arrive()
    arrive()
    expect(resumed).toEqual([])
    await nextTick()
    expect(resumed).toEqual(['one', 'two'])
    expect(polling.size).toBe(0)
  })

  it('wakes nobody for messages that the filter does not want', async () => {
    const { polling, resumed, park, arrive } = site()
    park('wants 7', { filter: (queue, offset) => queue.tagsCodeOf(offset) === 7 })
    arrive(8)
    await nextTick()
    expect([resumed, polling.size]).toEqual([[], 1])
    arrive(7)
    await nextTick()
    expect(resumed).toEqual(['wants 7'])
  })

  it('looks at each message once for a filter that wants none', async () => {
    const { park, arrive } = site()
    const filter = jest.fn(() => false)
    park('picky', { filter })
    for (let i = 0; i < 3; i++) {
      arrive(i)
      await nextTick()
    }
    expect(filter).toHaveBeenCalledTimes(3)
  })

  it('lets wait whoever waits for later messages', async () => {
    const { polling, resumed, park, arrive } = site()
    park('later', { offset: 1 })
    arrive()
    await nextTick()
    expect([resumed, polling.size]).toEqual([[], 1])
    arrive()
    await nextTick()
    expect(resumed).toEqual(['later'])
  })

  it('lets go at the next look after the time is up', async () => {
    const { clock, polling, resumed, park } = site()
    park('patient')
    await clock.advance(14_999)
    polling.sweep()
    expect(resumed).toEqual([])
    await clock.advance(1)
    polling.sweep()
    expect(resumed).toEqual(['patient'])
  })

  it('lets go at the next look where there are messages, wanted or not', () => {
    const { polling, queue, resumed, park } = site()
    park('picky', { filter: () => false })
    queue.append(0, { size: 1, tagsCode: 0, storeTime: 1 })
    polling.sweep()
    expect(resumed).toEqual(['picky'])
  })

  it('drops whoever is gone', () => {
    const { polling, resumed, park } = site()
    park('gone', { isGone: () => true, waitMs: 0 })
    polling.sweep()
    expect([resumed, polling.size]).toEqual([[], 0])
  })

  it('answers nobody whom it has forgotten', async () => {
    const { polling, resumed, park, arrive } = site()
    park('one')
    arrive()
    polling.clear()
    await nextTick()
    expect([resumed, polling.size]).toEqual([[], 0])
  })
})
