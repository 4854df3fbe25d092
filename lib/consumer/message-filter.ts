import { RocketMQError, asError } from '../errors'
import type { MessageExt } from '../model/message'
import type { MessageQueue } from '../model/message-queue'
import type { StoredMessage } from '../wire/stored-message'

/** Where a message that is to be filtered came from. */
export interface MessageFilterContext {
  /** Name of the consumer group, without its namespace. */
  readonly consumerGroup: string
  /**
   * The queue that it was pulled from; for retried ones a queue of the group's retry topic. Where it was popped the id is -1,
   * and the message tells its queue.
   */
  readonly messageQueue: MessageQueue
}

/**
 * False drops a message that was pulled or popped before it counts as in hand: nobody gets to see it, and its offset is passed,
 * or it is acknowledged. Called once for each message after tags and conditions, in the order of offsets. It must not wait: a promise is no answer.
 */
export type MessageFilter = (message: MessageExt, context: MessageFilterContext) => boolean

/** What the filters leave of the messages of one pull. */
export type FilterMessages = (messages: readonly StoredMessage[], queue: MessageQueue) => readonly StoredMessage[]

interface FilterGroup {
  readonly consumerGroup: string
  readonly onBackgroundError: (error: RocketMQError) => void
}

/** @throws RocketMQError INVALID_ARGUMENT unless it is a list of functions */
export function checkedFilters(filters: readonly MessageFilter[] | undefined): readonly MessageFilter[] {
  const given: unknown = filters ?? []
  if (Array.isArray(given) && given.every(each => typeof each === 'function')) return [...(given as MessageFilter[])]
  throw new RocketMQError(
    'INVALID_ARGUMENT',
    'messageFilters must be a list of functions (message, context) => boolean',
  )
}

/**
 * One step of all filters; undefined where there are none. A message that a filter fails at is kept, and that is told once
 * for each pull: to drop it could not be made good. Messages that cannot be read are kept for those who deal with them.
 */
export function filterMessages(
  filters: readonly MessageFilter[],
  { consumerGroup, onBackgroundError }: FilterGroup,
): FilterMessages | undefined {
  if (filters.length === 0) return undefined
  return (messages, messageQueue) => {
    const context: MessageFilterContext = { consumerGroup, messageQueue }
    let problem: RocketMQError | undefined
    const isWanted = (message: StoredMessage): boolean => {
      if (message.unreadable !== undefined) return true
      try {
        return filters.every(filter => checkedAnswer(filter(message, context)))
      } catch (error) {
        problem ??= failure(message, consumerGroup, asError(error))
        return true
      }
    }
    const wanted = messages.filter(isWanted)
    if (problem !== undefined) onBackgroundError(problem)
    return wanted
  }
}

function checkedAnswer(answer: unknown): boolean {
  if (typeof answer === 'boolean') return answer
  throw new RocketMQError('INVALID_ARGUMENT', `it returned ${String(answer)}, which is neither true nor false`)
}

function failure({ msgId, topic }: MessageExt, group: string, cause: Error): RocketMQError {
  const says = `a message filter of group ${group} failed at message ${msgId} of ${topic}, which is kept: ${cause.message}`
  return new RocketMQError('INVALID_ARGUMENT', says, { topic, group, cause })
}
