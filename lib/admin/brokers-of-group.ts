import { retryTopic } from '../model/names'
import type { AdminCall } from './admin-call'
import { type BrokerTarget, everyReader, readersOf } from './brokers'

/**
 * Brokers that can tell of a consumer group: those that have its retry topic, which they create at its first heartbeat, and
 * those of `topic` where one is asked about. Every broker where neither is known.
 */
export async function brokersOfGroup(call: AdminCall, consumerGroup: string, topic?: string): Promise<BrokerTarget[]> {
  const topics = topic === undefined ? [retryTopic(consumerGroup)] : [retryTopic(consumerGroup), topic]
  const routes = await Promise.all(topics.map(each => call.findRoute(each)))
  const targets = new Map<string, BrokerTarget>()
  for (const route of routes)
    for (const target of readersOf(route ?? { brokerDatas: [] })) targets.set(target.brokerName, target)
  return targets.size > 0 ? [...targets.values()] : everyReader(call)
}
