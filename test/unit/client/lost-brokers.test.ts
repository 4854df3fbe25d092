import { LostBrokers } from '../../../lib/client/lost-brokers'
import { ManualClock } from '../../../lib/runtime/manual-clock'

function searching() {
  const clock = new ManualClock()
  const asked: string[] = []
  const settled = new Set<string>()
  let fails = false
  const brokers = new LostBrokers({
    clock,
    look: async brokerName => {
      asked.push(brokerName)
      if (fails) throw new Error('no name server')
    },
    isSettled: (brokerName, address) => settled.has(`${brokerName} ${address}`),
  })
  return { clock, asked, settled, brokers, failFromNow: () => (fails = true) }
}

describe('the search for a broker whose connection was lost', () => {
  it('asks within half a second, and then less and less often until there is nothing left to find', async () => {
    const { clock, asked, settled, brokers } = searching()
    brokers.lost('broker-a', 'a:1')
    expect(asked).toEqual([])
    await clock.advance(500)
    expect(asked).toEqual(['broker-a'])
    await clock.advance(9500)
    const soFar = asked.length
    expect(soFar).toBeGreaterThanOrEqual(4)
    expect(soFar).toBeLessThanOrEqual(7)
    settled.add('broker-a a:1')
    await clock.advance(60_000)
    expect(asked).toHaveLength(soFar)
  })

  it('is over after ten questions', async () => {
    const { clock, asked, brokers } = searching()
    brokers.lost('broker-a', 'a:1')
    await clock.advance(300_000)
    expect(asked).toHaveLength(10)
  })

  it('asks nothing where the connection is back at once', async () => {
    const { clock, asked, settled, brokers } = searching()
    settled.add('broker-a a:1')
    brokers.lost('broker-a', 'a:1')
    await clock.advance(60_000)
    expect(asked).toEqual([])
  })

  it('goes on where no name server answers', async () => {
    const { clock, asked, brokers, failFromNow } = searching()
    failFromNow()
    brokers.lost('broker-a', 'a:1')
    await clock.advance(10_000)
    expect(asked.length).toBeGreaterThan(2)
  })

  it('is one for each broker, however often a connection is lost, and can begin again', async () => {
    const { clock, asked, brokers } = searching()
    for (const address of ['a:1', 'a:1', 'a:2']) brokers.lost('broker-a', address)
    brokers.lost('broker-b', 'b:1')
    await clock.advance(500)
    expect(asked.sort()).toEqual(['broker-a', 'broker-b'])
    await clock.advance(300_000)
    brokers.lost('broker-a', 'a:1')
    await clock.advance(500)
    expect(asked).toHaveLength(21)
  })

  it('ends when it is stopped, and none begins after that', async () => {
    const { clock, asked, brokers } = searching()
    brokers.lost('broker-a', 'a:1')
    await brokers.stop()
    brokers.lost('broker-b', 'b:1')
    await clock.advance(60_000)
    expect(asked).toEqual([])
  })
})
