import { GET_CONSUMER_LIST_BY_GROUP } from '../../../../lib/commands/client'
import { allocateAveragely } from '../../../../lib/consumer/allocate/averagely'
import { Rebalancer } from '../../../../lib/consumer/rebalance/rebalancer'
import { Subscriptions } from '../../../../lib/consumer/rebalance/subscriptions'
import type { MessageQueue } from '../../../../lib/model/message-queue'
import { FakeClient } from '../../../support/fake-client'

describe('a rebalancer that is told to leave the sharing to others', () => {
  it('takes what they say, and keeps what is held where they do not know', async () => {
    const client = new FakeClient()
    await client.knownTopic('T', { a: 4 })
    const subscriptions = new Subscriptions(client.clock)
    subscriptions.add('T', '*')
    let share: MessageQueue[] | undefined = [{ topic: 'T', brokerName: 'a', queueId: -1 }]
    const assigned: (readonly MessageQueue[])[] = []
    const rebalancer = new Rebalancer({
      client: client.asClient,
      consumerGroup: 'g',
      messageModel: 'CLUSTERING',
      strategy: allocateAveragely,
      subscriptions,
      assignments: {
        queues: [],
        assign: async (_topic, queues) => {
          assigned.push(queues)
          return { added: queues, removed: [], complete: true }
        },
        startPulling: () => undefined,
      },
      share: async () => share,
      onAssigned: () => undefined,
      onRevoked: () => undefined,
      onBackgroundError: () => undefined,
    })
    await rebalancer.kick()
    expect([assigned, client.sent(GET_CONSUMER_LIST_BY_GROUP)]).toEqual([[share], []])
    share = undefined
    const again = rebalancer.kick()
    await client.clock.advance(1000)
    await again
    expect(assigned).toHaveLength(1)
    await rebalancer.stop()
  })
})
