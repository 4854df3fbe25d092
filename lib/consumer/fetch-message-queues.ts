import type { ClientInstance } from '../client/client-instance'
import { RocketMQError } from '../errors'
import type { MessageQueue } from '../model/message-queue'
import { checkTopic } from '../model/validators'
import type { CallOptions } from '../remoting/remoting-client'
import { subscribeQueuesOf } from '../routing/publish-info'

/**
 * The queues of a topic that can be read, as name servers tell them now.
 * @throws RocketMQError TOPIC_NOT_FOUND, INVALID_TOPIC, NO_NAME_SERVER, ABORTED
 */
export async function fetchMessageQueues(
  client: Pick<ClientInstance, 'routes'>,
  topic: string,
  options: CallOptions = {},
): Promise<readonly MessageQueue[]> {
  checkTopic(topic)
  const route = await client.routes.fetch(topic, options)
  if (route === undefined) throw topicNotFound(topic)
  return subscribeQueuesOf(topic, route)
}

export function topicNotFound(topic: string): RocketMQError {
  return new RocketMQError('TOPIC_NOT_FOUND', `no name server knows topic ${topic}: create it first`, { topic })
}
