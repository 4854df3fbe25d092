import type { ConsumeStats } from '../../../lib/commands/group'
import type { TopicRouteReply } from '../../../lib/commands/topic-route-json'
import { queuesOn } from '../samples'

/** Queues that the sample of consume stats tells of. */
export const STATS_QUEUES = 1000

/** The route of a topic on 100 brokers with a slave each, 16 queues on each; broker ids bare, as older servers write them. */
export function bigRoute(): TopicRouteReply {
  const brokerNames = queuesOn(100, 1).map(({ brokerName }) => brokerName)
  return {
    bareBrokerIds: true,
    queueDatas: brokerNames.map(brokerName => {
      return { brokerName, readQueueNums: 16, writeQueueNums: 16, perm: 6, topicSysFlag: 0 }
    }),
    brokerDatas: brokerNames.map((brokerName, i) => {
      const brokerAddrs = new Map([0, 1].map(id => [id, `10.0.${id}.${i}:10911`]))
      return { cluster: 'DefaultCluster', brokerName, brokerAddrs }
    }),
  }
}

/** How far a group is on many queues; in JSON its keys are objects. */
export function bigConsumeStats(): ConsumeStats {
  const offsets = {
    brokerOffset: 1_234_567,
    consumerOffset: 1_234_000,
    pullOffset: -1,
    lastTimestamp: 1_700_000_000_000,
  }
  return { consumeTps: 1234.5, offsetTable: queuesOn(STATS_QUEUES / 10, 10).map(queue => [queue, offsets]) }
}
