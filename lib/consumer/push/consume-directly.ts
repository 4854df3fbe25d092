import type { ConsumeMessageDirectlyResult } from '../../commands/consumer-status'
import { RocketMQError, asError } from '../../errors'
import type { MessageExt } from '../../model/message'
import { PROPERTY } from '../../model/property-names'
import type { Clock } from '../../runtime/clock'
import { openBodies } from '../../wire/open-bodies'
import type { StoredMessage } from '../../wire/stored-message'
import { decodeStoredMessages } from '../../wire/stored-message-decoder'
import { isThenable } from './consume-service'
import type { Listener } from './listener'
import { concurrentVerdict, suspensionMs } from './listener-result'
import type { ConsumeContext } from './message-listener'

/** The one message of a stored record. @throws RocketMQError MESSAGE_UNREADABLE, PROTOCOL_ERROR */
export async function readRecord(
  record: Buffer,
  { brokerName, retryTopic }: { brokerName: string; retryTopic: string },
): Promise<StoredMessage> {
  const { messages, damage } = decodeStoredMessages(record, { brokerName, offsetDelta: 0 })
  await openBodies(messages)
  const [message] = messages
  const problem = message === undefined ? damage : message.unreadable
  if (message === undefined || problem !== undefined)
    throw problem ?? new RocketMQError('MESSAGE_UNREADABLE', 'the broker sent no message to consume')
  if (message.topic === retryTopic) message.topic = message.property(PROPERTY.RETRY_TOPIC) ?? retryTopic
  return message
}

/** Has the listener handle one message, whatever else it is doing, and tells what came of it; never rejects. */
export async function consumeDirectly(
  listener: Listener,
  message: MessageExt,
  { context, clock }: { context: ConsumeContext; clock: Clock },
): Promise<ConsumeMessageDirectlyResult> {
  const beganAt = clock.monotonic()
  const done = (
    outcome: Pick<ConsumeMessageDirectlyResult, 'consumeResult' | 'remark'>,
  ): ConsumeMessageDirectlyResult => {
    const spentTimeMills = Math.round(clock.monotonic() - beganAt)
    return { order: listener.ordered !== 'none', autoCommit: true, spentTimeMills, ...outcome }
  }
  try {
    const given: unknown = listener.listener([message], context)
    const result = isThenable(given) ? await given : given
    return done({ consumeResult: isSuccess(listener, result) ? 'CR_SUCCESS' : 'CR_LATER' })
  } catch (error) {
    const { name, message: says } = asError(error)
    return done({ consumeResult: 'CR_THROW_EXCEPTION', remark: `${name}: ${says}` })
  }
}

/** @throws RocketMQError INVALID_ARGUMENT for a result that is none */
function isSuccess({ ordered }: Listener, result: unknown): boolean {
  return ordered === 'none' ? concurrentVerdict(result, 1).firstFailed === 1 : suspensionMs(result, 0) === undefined
}
