import { RocketMQError } from '../errors'
import { type MessageQueue, sameMessageQueue } from '../model/message-queue'
import { checkTopic } from '../model/validators'

/**
 * A queue that a user has named, without what else the object may hold.
 * @throws RocketMQError INVALID_ARGUMENT, INVALID_TOPIC
 */
export function checkedQueue(queue: MessageQueue): MessageQueue {
  const given: unknown = queue
  const { topic, brokerName, queueId } = (typeof given === 'object' && given !== null ? given : {}) as MessageQueue
  const isQueue = typeof brokerName === 'string' && brokerName !== '' && Number.isInteger(queueId) && queueId >= 0
  if (!isQueue) {
    const says = 'a queue must be an object with topic, brokerName and queueId, as fetchMessageQueues() returns them'
    throw new RocketMQError('INVALID_ARGUMENT', says)
  }
  checkTopic(topic)
  return { topic, brokerName, queueId }
}

/**
 * Queues that a user has named, each once.
 * @throws RocketMQError INVALID_ARGUMENT, INVALID_TOPIC
 */
export function checkedQueues(queues: readonly MessageQueue[]): MessageQueue[] {
  const given: unknown = queues
  if (!Array.isArray(given)) throw new RocketMQError('INVALID_ARGUMENT', 'queues must be given as a list of queues')
  const checked = queues.map(checkedQueue)
  return checked.filter((queue, at) => checked.findIndex(other => sameMessageQueue(other, queue)) === at)
}

/** What a user hears who names queues that the consumer does not have. */
export function notAssigned(queue: MessageQueue, group: string): RocketMQError {
  const { topic, brokerName, queueId } = queue
  const says = `queue ${queueId} of ${topic} on ${brokerName} is not assigned to this consumer of group ${group} at present`
  return new RocketMQError('INVALID_ARGUMENT', says, { topic, brokerName, group })
}
