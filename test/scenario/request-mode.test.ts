import type { QueueAssignments } from '../../lib/commands/pop'
import { QUERY_ASSIGNMENT } from '../../lib/commands/pop'
import type { MessageRequestMode } from '../../lib/index'
import { describeScenario } from '../support/cluster'
import { loopbackClient } from '../support/loopback-client'
import type { Site } from '../support/site'

/** What the broker tells a member of a group. */
async function assignments(
  site: Site,
  { topic, consumerGroup, clientId }: { topic: string; consumerGroup: string; clientId: string },
): Promise<QueueAssignments['messageQueueAssignments']> {
  const client = loopbackClient()
  try {
    const route = await (await site.admin()).topicRoute(topic)
    const address = route.brokerDatas[0]?.brokerAddrs.get(0) as string
    const body = { topic, consumerGroup, clientId, strategyName: 'AVG', messageModel: 'CLUSTERING' as const }
    return (await client.invoke(address, QUERY_ASSIGNMENT, { body })).body.messageQueueAssignments
  } finally {
    await client.close()
  }
}

describeScenario('the request mode of a group', cluster => {
  if (cluster.version === '4.9') {
    cluster.it('cannot be set on brokers that know none', async site => {
      const setting = (await site.admin()).setMessageRequestMode(await site.freshTopic(), site.freshGroup(), 'POP')
      await expect(setting).rejects.toMatchObject({ code: 'UNSUPPORTED_BY_BROKER' })
    })
    return
  }

  cluster.it('is set and set back, and brokers tell members of it', async site => {
    const [topic, consumerGroup, admin] = [await site.freshTopic(2), site.freshGroup(), await site.admin()]
    const consumer = await site.consumer(topic, { consumerGroup }, () => undefined)
    const member = { topic, consumerGroup, clientId: consumer.clientId as string }
    const told = async (): Promise<[number, MessageRequestMode][] | undefined> =>
      (await assignments(site, member))?.map(({ messageQueue, mode }) => [messageQueue.queueId, mode])
    await admin.setMessageRequestMode(topic, consumerGroup, 'POP')
    expect(await told()).toEqual([[-1, 'POP']])
    await admin.setMessageRequestMode(topic, consumerGroup, 'PULL')
    expect((await told())?.sort()).toEqual([
      [0, 'PULL'],
      [1, 'PULL'],
    ])
  })

  cluster.it('is not set for a retry topic, nor for a topic that is not there', async site => {
    const admin = await site.admin()
    const group = site.freshGroup()
    await expect(admin.setMessageRequestMode(site.freshGroup(), group, 'POP')).rejects.toMatchObject({
      code: 'TOPIC_NOT_FOUND',
    })
    const [broker] = (await admin.clusters()).brokerAddrTable.values()
    const brokerAddress = broker?.brokerAddrs.get(0) as string
    const retry = admin.setMessageRequestMode(`%RETRY%${group}`, group, 'POP', { brokerAddress })
    await expect(retry).rejects.toMatchObject({ code: 'BROKER_ERROR', responseCode: 'NO_PERMISSION' })
  })
})
