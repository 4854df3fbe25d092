import { isRetryTopic } from '../../model/names'
import { isClosedToClients } from '../../model/system-topics'
import { buildTopicSysFlag } from '../../model/unit-flag'
import type { RequestContext } from '../../remoting/request-handlers'
import type { Broker } from '../broker'
import { refusal, seeHelp } from '../refusal'
import { type TopicConfig, topicConfigText } from '../topics'
import { checkTopicName } from './topic-name'
import type { SendHeader } from './send-common'

/** The topic that a send is for, created where that is allowed. @throws BrokerError where the broker does not take it */
export function admitToTopic(broker: Broker, header: SendHeader, { channel }: RequestContext): TopicConfig {
  checkTopicName(broker.generation, header.topic)
  if (isClosedToClients(header.topic))
    throw refusal('NO_PERMISSION', `Sending message to topic[${header.topic}] is forbidden.`)
  const topic = broker.state.topics.get(header.topic) ?? createTopic(broker, header)
  if (header.queueId >= Math.max(topic.writeQueueNums, topic.readQueueNums)) {
    const config = topicConfigText(topic, broker.generation)
    const remark = `request queueId[${header.queueId}] is illegal, ${config} Producer: ${channel.address}`
    throw refusal(broker.generation.invalidParameter, remark)
  }
  return topic
}

function createTopic(broker: Broker, header: SendHeader): TopicConfig {
  const { topic, defaultTopic, defaultTopicQueueNums } = header
  const { topics } = broker.state
  const isRetry = isRetryTopic(topic)
  const sysFlag = header.unitMode === true ? buildTopicSysFlag({ unit: !isRetry, hasUnitSub: isRetry }) : 0
  const created = broker.isMaster
    ? (topics.createFrom(topic, defaultTopic, { queues: defaultTopicQueueNums, sysFlag }) ??
      (isRetry ? topics.ensure(topic, 1, { topicSysFlag: sysFlag }) : undefined))
    : undefined
  if (created !== undefined) return created
  throw refusal('TOPIC_NOT_EXIST', `topic[${topic}] not exist, apply first please!${seeHelp(broker.generation)}`)
}
