import { CALL_OPTIONS, checkedRange } from '../client/checked-options'
import { SET_MESSAGE_REQUEST_MODE } from '../commands/pop'
import { BrokerError, RocketMQError } from '../errors'
import type { MessageRequestMode } from '../model/message-request-mode'
import type { OptionNames } from '../model/option-checks'
import { MASTER_ID } from '../model/topic-route'
import { checkConsumerGroup } from '../model/validators'
import type { CallOptions } from '../remoting/remoting-client'
import type { AdminCall } from './admin-call'
import { type BrokerScope, type BrokerTarget, mastersOf } from './brokers'
import { checkOneOf, checkScope, checkStoredTopic } from './checks'
import { onEachBroker } from './on-each-broker'

/** Which brokers a request mode is for, and how queues are shared. */
export interface RequestModeOptions extends CallOptions, BrokerScope {
  /**
   * With how many other members each member shares its queues in mode `POP`; default 0: all members pop all queues.
   */
  readonly popShareQueueNum?: number
}

/** Their names. */
export const REQUEST_MODE_OPTIONS: OptionNames<RequestModeOptions> = {
  ...CALL_OPTIONS,
  clusterName: true,
  brokerAddress: true,
  popShareQueueNum: true,
}

/** What is set. */
export interface RequestModeSetting {
  readonly topic: string
  readonly consumerGroup: string
  readonly mode: MessageRequestMode
}

/** Sets how the members of a group get the messages of a topic, on every master that has the topic. */
export async function setMessageRequestMode(
  call: AdminCall,
  setting: RequestModeSetting,
  options: RequestModeOptions,
): Promise<void> {
  const { topic, consumerGroup, mode } = setting
  const { popShareQueueNum = 0 } = options
  checkStoredTopic(topic)
  checkConsumerGroup(consumerGroup)
  checkOneOf('mode', mode, ['PULL', 'POP'])
  checkedRange('popShareQueueNum', popShareQueueNum, 0, 0x7fff_ffff)
  checkScope(options)
  const body = { topic, consumerGroup, mode, popShareQueueNum }
  const what = `setting mode ${mode} of group ${consumerGroup} on topic ${topic}`
  await onEachBroker(await targetsOf(call, topic, options), what, async ({ address }) => {
    try {
      await call.broker(address, SET_MESSAGE_REQUEST_MODE, { body })
    } catch (error) {
      throw BrokerError.is(error, 'REQUEST_CODE_NOT_SUPPORTED') ? tooOld(address, error) : error
    }
  })
}

/** Members ask any broker that has the topic, so each of them must know. */
async function targetsOf(call: AdminCall, topic: string, scope: BrokerScope): Promise<BrokerTarget[]> {
  if (scope.brokerAddress !== undefined) return mastersOf(call, scope)
  const { brokerDatas } = await call.route(topic)
  const { clusterName } = scope
  const wanted = brokerDatas.filter(({ cluster }) => clusterName === undefined || cluster === clusterName)
  if (wanted.length === 0) throw noBroker(`no broker of cluster ${clusterName} has topic ${topic}`, topic)
  return wanted.map(({ brokerName, brokerAddrs }) => {
    const address = brokerAddrs.get(MASTER_ID)
    if (address === undefined) throw noBroker(`broker ${brokerName} of topic ${topic} has no master now`, topic)
    return { brokerName, address }
  })
}

function noBroker(says: string, topic: string): RocketMQError {
  return new RocketMQError('BROKER_NOT_FOUND', says, { topic })
}

function tooOld(address: string, cause: Error): RocketMQError {
  const says = `the broker at ${address} is older than 5.0 and knows no request modes: its consumers always pull`
  return new RocketMQError('UNSUPPORTED_BY_BROKER', says, { address, cause })
}
