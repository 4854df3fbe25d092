import { MOST_HELD, readBacklog } from '../support/backlog'
import { describeEmulatorOnly } from '../support/cluster'
import { tellFault } from '../support/fault-report'

const MESSAGES = 12_000

// With a million of them, on real brokers, in test/contract/full.
describeEmulatorOnly(
  'a consumer that is far behind',
  cluster => {
    cluster.it('fault 23: keeps its limits, and no queue starves', async site => {
      const { ledger, mostHeld, unfairness, growth, seconds } = await readBacklog(site, MESSAGES)
      expect(mostHeld).toBeLessThanOrEqual(MOST_HELD)
      expect(unfairness).toBeLessThan(MESSAGES / 8)
      const also = `read in ${seconds.toFixed(1)} s, at most ${mostHeld} of a queue in hand, memory x ${growth.toFixed(2)}`
      tellFault(site, { row: 23, fault: 'a consumer is far behind', ledger, also })
    })
  },
  { alone: true },
)
