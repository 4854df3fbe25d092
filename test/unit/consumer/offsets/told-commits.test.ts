import type { Telemetry } from '../../../../lib/client/telemetry/telemetry'
import { UPDATE_CONSUMER_OFFSET } from '../../../../lib/commands/offset'
import { BrokerOffsetStore } from '../../../../lib/consumer/offsets/broker-offset-store'
import { CheckedOffsetStore } from '../../../../lib/consumer/offsets/checked-offset-store'
import { toldCommits } from '../../../../lib/consumer/offsets/told-commits'
import { FakeClient } from '../../../support/fake-client'
import { NO_TELEMETRY } from '../../../support/no-telemetry'

const queues = [0, 1].map(queueId => ({ topic: 'T', brokerName: 'a', queueId }))

async function setup() {
  const client = new FakeClient()
  await client.knownTopic('T', { a: 2 })
  client.on(UPDATE_CONSUMER_OFFSET, () => ({ code: 'SUCCESS' }))
  const store = new BrokerOffsetStore('g', client.offsets)
  const events: unknown[] = []
  const run: Telemetry['run'] = (channel, own, work) => {
    events.push([channel, own])
    return work({} as never)
  }
  const commits = (): unknown[] => client.sent(UPDATE_CONSUMER_OFFSET).map(({ header }) => header['queueId'])
  return { store, events, telemetry: { wants: () => true, run }, commits }
}

describe('commits that nobody asked for', () => {
  it('are told to whoever listens: the queues with something new', async () => {
    const { store, events, telemetry, commits } = await setup()
    const persist = toldCommits(store, telemetry)
    store.update(queues[1] as never, 5, { increaseOnly: false })
    await persist(queues, { confirmed: true })
    await persist(queues, { confirmed: true })
    expect(events).toEqual([['settle', { operation: 'commit', messages: [], messageQueues: [queues[1]] }]])
    expect(commits()).toEqual([1])
  })

  it('are made all the same while nobody listens, and in stores of users', async () => {
    const { store, events, telemetry, commits } = await setup()
    store.update(queues[0] as never, 5, { increaseOnly: false })
    await toldCommits(store, NO_TELEMETRY)(queues, { confirmed: true })
    store.update(queues[1] as never, 5, { increaseOnly: false })
    await toldCommits(new CheckedOffsetStore(store), telemetry)(queues, { confirmed: true })
    expect(commits()).toEqual([0, 1])
    expect(events).toEqual([])
  })
})
