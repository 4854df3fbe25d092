import { NOTIFY_CONSUMER_IDS_CHANGED } from '../../../../lib/commands/callback'
import { GET_CONSUMER_LIST_BY_GROUP } from '../../../../lib/commands/client'
import { type ConsumerRunningInfo, GET_CONSUMER_RUNNING_INFO } from '../../../../lib/commands/consumer-status'
import { resolveGroupOptions } from '../../../../lib/consumer/group-options'
import { PullSchedule } from '../../../../lib/consumer/pull/pull-schedule'
import { Subscriptions } from '../../../../lib/consumer/rebalance/subscriptions'
import { FakeClient } from '../../../support/fake-client'

async function setup() {
  const client = new FakeClient()
  await client.knownTopic('T', { a: 2 })
  const members = { ids: [client.clientId] }
  client.on(GET_CONSUMER_LIST_BY_GROUP, () => ({ code: 'SUCCESS', body: { consumerIdList: members.ids } }))
  const subscriptions = new Subscriptions(client.clock)
  const runs: number[] = []
  const assigned: number[] = []
  const schedule = new PullSchedule({
    client: client.asClient,
    options: resolveGroupOptions({ consumerGroup: 'g' }),
    subscriptions,
    task:
      () =>
      ({ queueId }) =>
        void runs.push(queueId),
    onTaskError: () => undefined,
    onAssigned: queues => assigned.push(...queues.map(({ queueId }) => queueId)),
    onRevoked: () => undefined,
    onBackgroundError: error => {
      throw error
    },
  })
  return { client, members, subscriptions, runs, assigned, schedule }
}

describe('a schedule', () => {
  it('runs tasks on our share of the queues, which follows the group', async () => {
    const { client, members, subscriptions, runs, assigned, schedule } = await setup()
    subscriptions.add('T', undefined)
    await schedule.start()
    await client.settle()
    expect([runs, assigned]).toEqual([
      [0, 1],
      [0, 1],
    ])
    members.ids = [client.clientId, 'z']
    client.callback(NOTIFY_CONSUMER_IDS_CHANGED, 'g', { header: { consumerGroup: 'g' } })
    await client.clock.advance(1000)
    expect(schedule.queues.queues.map(({ queueId }) => queueId)).toEqual([0])
    await schedule.stop()
  })

  it('looks at the group every 20 s by itself', async () => {
    const { client, members, subscriptions, schedule } = await setup()
    subscriptions.add('T', undefined)
    await schedule.start()
    members.ids = [client.clientId, 'z']
    await client.clock.advance(20_000)
    expect(schedule.queues.queues).toHaveLength(1)
    await schedule.stop()
  })

  it('asks nobody while there is nothing to share, nor before it has started', async () => {
    const { client, subscriptions, schedule } = await setup()
    await schedule.start()
    await schedule.rebalance()
    expect(client.sent(GET_CONSUMER_LIST_BY_GROUP)).toEqual([])
    const later = await setup()
    later.subscriptions.add('T', undefined)
    await later.schedule.rebalance()
    expect(later.runs).toEqual([])
    subscriptions.add('T', undefined)
    await schedule.rebalance()
    expect(schedule.queues.queues).toHaveLength(2)
    subscriptions.remove('T')
    const given = schedule.rebalance()
    await client.clock.advance(1000)
    await given
    expect(schedule.queues.queues).toEqual([])
    await schedule.stop()
  })

  it('tells administrators what it is for', async () => {
    const { client, subscriptions, schedule } = await setup()
    Object.assign(client, { nameServers: { addresses: ['n:9876'] } })
    subscriptions.add('T', undefined)
    await schedule.start()
    const header = { consumerGroup: 'g', clientId: 'c' }
    const { body } = client.callback(GET_CONSUMER_RUNNING_INFO, 'g', { header }) as { body: ConsumerRunningInfo }
    expect(body.properties.get('PROP_CONSUME_TYPE')).toBe('CONSUME_ACTIVELY')
    expect(body).toMatchObject({ subscriptionSet: [{ topic: 'T' }], mqTable: [] })
    await schedule.stop()
  })

  it('ends its tasks and leaves nothing behind, also where it was stopped before its start', async () => {
    const { client, subscriptions, runs, schedule } = await setup()
    subscriptions.add('T', undefined)
    await schedule.start()
    await client.settle()
    await schedule.stop()
    expect(client.callbacks).toEqual([])
    await client.clock.advance(60_000)
    expect(runs).toEqual([0, 1])
    const early = await setup()
    await early.schedule.stop()
    await early.schedule.start()
    expect(early.client.callbacks).toEqual([])
  })
})
