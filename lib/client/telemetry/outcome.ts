import { BrokerError, RocketMQError, asError } from '../../errors'
import type { DiagnosticsChannel, DiagnosticsEvents } from './events'

/** An event of any channel. */
export type AnyEvent = DiagnosticsEvents[DiagnosticsChannel]

const FAILED: ReadonlySet<string> = new Set(['RECONSUME_LATER', 'SUSPEND_CURRENT_QUEUE_A_MOMENT', 'ROLLBACK'])

/** How an operation failed, in one word of few: a code, a broker's response, a listener's result; undefined where it did not. */
export function errorTypeOf(event: AnyEvent): string | undefined {
  const { error } = event
  if (error !== undefined) {
    if (BrokerError.is(error)) return error.responseCode
    return RocketMQError.is(error) ? error.code : asError(error).name
  }
  if (event.operation !== 'process' || event.result === undefined) return undefined
  const { result } = event
  const status = typeof result === 'string' ? result : result.status
  return FAILED.has(status) ? status : undefined
}

/** The topic of an operation, where it has but one. */
export function topicOf(event: AnyEvent): string | undefined {
  const named = thingsOf(event)
  const topic = named[0]?.topic
  return named.every(each => each?.topic === topic) ? topic : undefined
}

/** Callers may have given what is no message at all: that is for the operation to refuse. */
function thingsOf(event: AnyEvent): readonly ({ readonly topic: string } | null | undefined)[] {
  if (event.operation === 'send') return isBatch(event.message) ? event.message : [event.message]
  if (event.operation === 'request') return [event.message]
  if (event.operation === 'endTransaction') return [event.transaction?.message]
  return event.operation === 'commit' ? event.messageQueues : event.messages
}

/** How many messages an operation is about. */
export function messageCountOf(event: AnyEvent): number {
  if (event.operation === 'send') return isBatch(event.message) ? event.message.length : 1
  return event.operation === 'request' || event.operation === 'endTransaction' ? 1 : event.messages.length
}

/** True where a send is of several messages. */
export function isBatch<T>(message: T | readonly T[]): message is readonly T[] {
  return Array.isArray(message)
}
