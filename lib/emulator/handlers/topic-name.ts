import { isBlank } from '../../model/java-text'
import { isDlqTopic, isRetryTopic } from '../../model/names'
import { MAX_GROUP_LENGTH, MAX_TOPIC_LENGTH } from '../../model/validators'
import type { Generation } from '../generation'
import { refusal } from '../refusal'

const MAX_RETRY_TOPIC_LENGTH = 255
const ALLOWED = /^[%|a-zA-Z0-9_-]+$/
const ALLOWED_TEXT = 'allowing only ^[%|a-zA-Z0-9_-]+$'

/** @throws BrokerError with the real broker's words where a topic may not be called so */
export function checkTopicName(generation: Generation, topic: string): void {
  const remark = topicRemark(generation, topic)
  if (remark !== undefined) throw refusal(generation.invalidParameter, remark)
}

/** @throws BrokerError where the generation checks names of groups and this is none */
export function checkGroupName({ checksGroups, invalidParameter }: Generation, group: string): void {
  const remark = checksGroups ? groupRemark(group) : undefined
  if (remark !== undefined) throw refusal(invalidParameter, remark)
}

function topicRemark({ quotesNames, checksGroups }: Generation, topic: string): string | undefined {
  const name = quotesNames ? `: ${topic},` : ''
  if (isBlank(topic)) return 'The specified topic is blank.'
  if (!ALLOWED.test(topic)) {
    return quotesNames
      ? `The specified topic${name} contains illegal characters, ${ALLOWED_TEXT}`
      : `The specified topic contains illegal characters, ${ALLOWED_TEXT}`
  }
  if (checksGroups && (isRetryTopic(topic) || isDlqTopic(topic))) {
    if (topic.length <= MAX_RETRY_TOPIC_LENGTH) return undefined
    return `The specified topic is DLQ or Retry topic${name} and it's longer than topic max length: ${MAX_RETRY_TOPIC_LENGTH}`
  }
  if (topic.length <= MAX_TOPIC_LENGTH) return undefined
  return quotesNames
    ? `The specified topic${name} is longer than topic max length: ${MAX_TOPIC_LENGTH}`
    : 'The specified topic is longer than topic max length.'
}

function groupRemark(group: string): string | undefined {
  if (isBlank(group)) return 'The specified group is blank.'
  if (!ALLOWED.test(group)) return `The specified group: ${group}, contains illegal characters, ${ALLOWED_TEXT}`
  if (group.length <= MAX_GROUP_LENGTH) return undefined
  return `The specified group: ${group}, is longer than group max length: ${MAX_GROUP_LENGTH}`
}
