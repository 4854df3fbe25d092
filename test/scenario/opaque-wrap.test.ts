import type { Clock } from '../../lib/runtime/clock'
import type * as pendingTable from '../../lib/remoting/pending-table'
import type { PendingRequest } from '../../lib/remoting/pending-request'
import { describeScenario } from '../support/cluster'
import { Places } from '../support/places'
import { Wires } from '../support/wires'

const MAX_OPAQUE = 0x7fffffff
/** So many requests of each connection come before the wrap. */
const BEFORE = 60

// To get there by sending would take days.
jest.mock('../../lib/remoting/pending-table', () => {
  const { PendingTable } = jest.requireActual<typeof pendingTable>('../../lib/remoting/pending-table')
  return {
    PendingTable: class extends PendingTable {
      constructor(clock: Clock, onExpired: (entry: PendingRequest) => void) {
        super(clock, onExpired, MAX_OPAQUE - BEFORE)
      }
    },
  }
})

describeScenario('the numbers of requests', cluster => {
  cluster.it('fault 11: begin again after 2^31 - 1, and each answer still finds its request', async site => {
    const wires = new Wires()
    site.onEnd(() => wires.close())
    const numbers = new Set<number>()
    wires.weather.onRequest = ({ opaque }) => numbers.add(opaque)
    const topic = await site.freshTopic()
    const places = new Places(site)
    await site.consumer(topic, {}, places.take)
    const producer = await site.producer({ advanced: { dialer: wires.dialer } })
    for (let round = 0; round < 4; round++) await places.send(producer, topic, 50)
    await places.tell(11, 'the numbers of requests begin again')
    expect(places.failed).toEqual([])
    expect(places.mistaken).toEqual([])
    expect(numbers).toContain(MAX_OPAQUE)
    expect(numbers).toContain(1)
    expect(numbers).not.toContain(0)
    expect(Math.min(...numbers)).toBe(1)
  })
})
