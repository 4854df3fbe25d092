import {
  CONSUME_MESSAGE_DIRECTLY,
  type ConsumeMessageDirectlyResult,
  type ConsumerRunningInfo,
  GET_CONSUMER_RUNNING_INFO,
  INVOKE_BROKER_TO_GET_CONSUMER_STATUS,
} from '../commands/consumer-status'
import { BrokerError, RocketMQError } from '../errors'
import type { MessageExt } from '../model/message'
import type { MessageQueue } from '../model/message-queue'
import { checkGroup } from '../model/validators'
import type { AdminCall } from './admin-call'
import { readersOf } from './brokers'
import { brokersOfGroup } from './brokers-of-group'
import { checkStoredTopic, checkText } from './checks'

/** One member of a consumer group. */
export interface ConsumerMemberId {
  /** Name of the consumer group, without its namespace. */
  readonly consumerGroup: string
  /** As `consumerConnections` tells it. */
  readonly clientId: string
}

/** The next offset of a queue, as the member that has it tells. */
export interface ConsumerQueueOffset {
  /** Id of the member that has the queue. */
  readonly clientId: string
  /** The queue. */
  readonly queue: MessageQueue
  /** The offset that it commits next. */
  readonly offset: number
}

export async function consumerRunningInfo(
  call: AdminCall,
  { consumerGroup, clientId }: ConsumerMemberId,
  jstackEnable: boolean,
): Promise<ConsumerRunningInfo> {
  checkGroup(consumerGroup)
  checkText('clientId', clientId)
  const header = { consumerGroup, clientId, jstackEnable }
  let failure: unknown = noBroker(consumerGroup)
  for (const { address } of await brokersOfGroup(call, consumerGroup)) {
    try {
      return (await call.broker(address, GET_CONSUMER_RUNNING_INFO, { header })).body
    } catch (error) {
      failure = error
      // A member is connected to the brokers of its topics only, so another one may know it.
      if (!BrokerError.is(error, 'SYSTEM_ERROR') || error.remark?.includes('not online') !== true) break
    }
  }
  throw failure
}

export async function consumeMessageDirectly(
  call: AdminCall,
  { consumerGroup, clientId }: ConsumerMemberId,
  { topic, offsetMsgId, storeHost }: Pick<MessageExt, 'topic' | 'offsetMsgId' | 'storeHost'>,
): Promise<ConsumeMessageDirectlyResult> {
  checkGroup(consumerGroup)
  checkText('clientId', clientId)
  const header = { consumerGroup, clientId, msgId: offsetMsgId, topic }
  return (await call.broker(storeHost, CONSUME_MESSAGE_DIRECTLY, { header, body: Buffer.alloc(0) })).body
}

export async function consumerStatus(
  call: AdminCall,
  consumerGroup: string,
  topic: string,
): Promise<ConsumerQueueOffset[]> {
  checkGroup(consumerGroup)
  checkStoredTopic(topic)
  // Members are connected to every broker of the topic and tell all of their queues: any one of them is enough.
  const [broker] = readersOf(await call.route(topic))
  if (broker === undefined) throw noBroker(topic)
  const header = { topic, group: consumerGroup }
  const { consumerTable } = (await call.broker(broker.address, INVOKE_BROKER_TO_GET_CONSUMER_STATUS, { header })).body
  return Array.from(consumerTable, ([clientId, queues]) =>
    queues.map(([queue, offset]) => ({ clientId, queue, offset })),
  ).flat()
}

function noBroker(what: string): RocketMQError {
  return new RocketMQError('BROKER_NOT_FOUND', `no broker of ${what} is registered at the name servers`)
}
