import { topicsChanged } from '../../../../lib/consumer/rebalance/topics-changed'
import { FakeClient } from '../../../support/fake-client'

function setup() {
  const client = new FakeClient()
  client.topic('New', { a: 1 })
  const log: string[] = []
  client.onHeartbeat = () =>
    log.push(`heartbeat, ${client.routes.get('New') === undefined ? 'no route' : 'route known'}`)
  const parts = Object.assign(client, { forgetUnneededRoutes: () => log.push('forget') })
  const change = (
    topics: { added?: string[]; removed?: string[] },
    rebalance = async () => void log.push('rebalance'),
  ) => topicsChanged(parts.asClient, { added: [], removed: [], ...topics }, rebalance)
  return { client, log, change }
}

describe('a consumer that wants other topics', () => {
  it('learns their routes, tells brokers, and shares queues then', async () => {
    const { client, log, change } = setup()
    change({ added: ['New'] })
    await client.settle()
    expect(log).toEqual(['heartbeat, route known', 'rebalance'])
  })

  it('has routes forgotten once the queues of a topic were given back', async () => {
    const { client, log, change } = setup()
    change({ removed: ['Old'] })
    await client.settle()
    expect(log).toEqual(['heartbeat, no route', 'rebalance', 'forget'])
  })

  it('has its start tell them where it does not run yet', () => {
    const rebalance = jest.fn(async () => undefined)
    topicsChanged(undefined, { added: ['New'], removed: [] }, rebalance)
    expect(rebalance).not.toHaveBeenCalled()
  })

  it('reports what fails', async () => {
    const { client, change } = setup()
    const failure = new Error('no rebalance')
    change({}, () => Promise.reject(failure))
    await client.settle()
    expect(client.reported).toEqual([failure])
  })
})
