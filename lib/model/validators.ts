import { RocketMQError } from '../errors'
import { isBlank } from './java-text'
import { isDlqTopic, isRetryTopic } from './names'
import { isClosedToClients } from './system-topics'

/** Longest topic that clients may name, characters. */
export const MAX_TOPIC_LENGTH = 127
/** Longest group, characters: retry and POP retry topics are made from it. */
export const MAX_GROUP_LENGTH = 120
/** Longest retry or dead-letter topic that a broker keeps, characters. */
const MAX_RETRY_TOPIC_LENGTH = 255

/** What Java has as the default name of a group, so that forgetting to give one is noticed. */
const UNNAMED_PRODUCER_GROUP = 'DEFAULT_PRODUCER'
const UNNAMED_CONSUMER_GROUP = 'DEFAULT_CONSUMER'

const ALLOWED = /^[%|a-zA-Z0-9_-]+$/
const ALLOWED_SAYS = 'letters, digits, %, |, _ and -'
/** Of a name that is much too long, this much is shown. */
const SHOWN_LENGTH = 160

/** Why clients may not use such a topic, or undefined where they may. */
export function topicProblem(topic: unknown): string | undefined {
  return nameProblem(topic, MAX_TOPIC_LENGTH)
}

/** Why a broker does not take such a topic, or undefined where it does: retry and dead-letter topics may be longer. */
export function brokerTopicProblem(topic: string): string | undefined {
  return nameProblem(topic, isRetryTopic(topic) || isDlqTopic(topic) ? MAX_RETRY_TOPIC_LENGTH : MAX_TOPIC_LENGTH)
}

/** Why clients may not use such a group, or undefined where they may. */
export function groupProblem(group: unknown): string | undefined {
  return nameProblem(group, MAX_GROUP_LENGTH)
}

function nameProblem(name: unknown, maxLength: number): string | undefined {
  if (typeof name !== 'string') return 'it must be text'
  if (name.length > maxLength) return `it has ${name.length} characters, at most ${maxLength} are allowed`
  if (ALLOWED.test(name)) return undefined
  return isBlank(name) ? 'it is blank' : `only ${ALLOWED_SAYS} are allowed`
}

/** Throws INVALID_TOPIC where clients may not use such a topic. */
export function checkTopic(topic: unknown): asserts topic is string {
  const problem = topicProblem(topic)
  if (problem !== undefined) throw new RocketMQError('INVALID_TOPIC', `topic ${shown(topic)}: ${problem}`)
}

/** Throws INVALID_TOPIC where clients may not send to such a topic. */
export function checkTopicToSend(topic: unknown): asserts topic is string {
  checkTopic(topic)
  if (isClosedToClients(topic)) {
    throw new RocketMQError(
      'INVALID_TOPIC',
      `topic '${topic}' is written by brokers only: send to a topic of your own`,
      { topic },
    )
  }
}

/** Throws INVALID_GROUP where clients may not use such a group. */
export function checkGroup(group: unknown): asserts group is string {
  const problem = groupProblem(group)
  if (problem !== undefined) throw new RocketMQError('INVALID_GROUP', `group ${shown(group)}: ${problem}`)
}

/** Throws INVALID_GROUP where no producer may use such a group. */
export function checkProducerGroup(group: unknown): asserts group is string {
  checkGroup(group)
  if (group === UNNAMED_PRODUCER_GROUP) throw unnamed('producerGroup', group)
}

/** Throws INVALID_GROUP where no consumer may use such a group. */
export function checkConsumerGroup(group: unknown): asserts group is string {
  checkGroup(group)
  if (group === UNNAMED_CONSUMER_GROUP) throw unnamed('consumerGroup', group)
}

function unnamed(option: string, group: string): RocketMQError {
  return new RocketMQError(
    'INVALID_GROUP',
    `${option} '${group}' stands for none: give a name of your application's own`,
    { group },
  )
}

function shown(name: unknown): string {
  const text = `'${String(name)}'`
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…'` : text
}
