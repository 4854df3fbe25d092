import { UPDATE_AND_CREATE_TOPIC } from '../../lib/commands/topic'
import { GET_BROKER_CLUSTER_INFO, GET_ROUTEINFO_BY_TOPIC } from '../../lib/commands/route'
import { acquireClient } from '../../lib/client/client-registry'
import { resolveClientOptions } from '../../lib/client/resolve-client-options'
import type { TopicRoute } from '../../lib/model/topic-route'
import type { RunningCluster } from './running-cluster'
import { answered } from './until'

/** Creates a topic with that many queues on every master, and resolves when every name server tells of all of them. */
export async function createTopic(cluster: RunningCluster, topic: string, queues: number): Promise<void> {
  if (cluster.emulator !== undefined) return cluster.emulator.createTopic(topic, queues)
  const lease = acquireClient(resolveClientOptions({ namesrvAddr: cluster.namesrvAddr }), 'admin', topic)
  const { remoting } = lease.client
  try {
    const servers = cluster.namesrvAddr.split(';')
    const info = await remoting.invoke(servers[0] as string, GET_BROKER_CLUSTER_INFO, {})
    const masters = [...info.body.brokerAddrTable.values()].map(({ brokerAddrs }) => brokerAddrs.get(0) as string)
    const header = {
      topic,
      defaultTopic: 'TBW102',
      readQueueNums: queues,
      writeQueueNums: queues,
      perm: 6,
      topicFilterType: 'SINGLE_TAG',
      order: false,
    }
    for (const address of masters) await remoting.invoke(address, UPDATE_AND_CREATE_TOPIC, { header })
    for (const server of servers) {
      const ask = async (): Promise<number> => {
        const reply = await remoting.invoke(server, GET_ROUTEINFO_BY_TOPIC, { header: { topic } })
        return reply.code === 'SUCCESS' ? reply.body.queueDatas.length : 0
      }
      await answered(ask, brokers => brokers === masters.length, { what: `the route of ${topic}` })
    }
  } finally {
    await lease.release()
  }
}

/** The route of a topic; undefined where there is none. */
export async function routeOf({ namesrvAddr }: RunningCluster, topic: string): Promise<TopicRoute | undefined> {
  const lease = acquireClient(resolveClientOptions({ namesrvAddr }), 'admin', topic)
  try {
    return await lease.client.routes.refresh(topic)
  } finally {
    await lease.release()
  }
}
