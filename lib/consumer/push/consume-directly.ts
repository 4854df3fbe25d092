import type { WireNames } from '../../client/wire-names'
import type { CMResult, ConsumeMessageDirectlyResult } from '../../commands/consumer-status'
import { RocketMQError, asError } from '../../errors'
import type { MessageExt } from '../../model/message'
import { PROPERTY } from '../../model/property-names'
import type { Clock } from '../../runtime/clock'
import { openBodies } from '../../wire/open-bodies'
import type { StoredMessage } from '../../wire/stored-message'
import { decodeStoredMessages } from '../../wire/stored-message-decoder'
import { ConcurrentContext } from './concurrent-context'
import { isThenable } from './consume-service'
import type { Listener } from './listener'
import { type OrderlyVerdict, concurrentVerdict, orderlyVerdict } from './listener-result'
import type { ConsumeContext } from './message-listener'
import { OrderlyContext } from './orderly-context'

/** The one message of a stored record. @throws RocketMQError MESSAGE_UNREADABLE, PROTOCOL_ERROR */
export async function readRecord(
  record: Buffer,
  { brokerName, retryTopic, names }: { brokerName: string; retryTopic: string; names: Pick<WireNames, 'user'> },
): Promise<StoredMessage> {
  const { messages, damage } = decodeStoredMessages(record, { brokerName, offsetDelta: 0 })
  await openBodies(messages)
  const [message] = messages
  const problem = message === undefined ? damage : message.unreadable
  if (message === undefined || problem !== undefined)
    throw problem ?? new RocketMQError('MESSAGE_UNREADABLE', 'the broker sent no message to consume')
  message.topic = names.user(message.topic)
  if (message.topic === retryTopic) message.topic = names.user(message.property(PROPERTY.RETRY_TOPIC) ?? retryTopic)
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
    outcome: Pick<ConsumeMessageDirectlyResult, 'consumeResult' | 'remark'> & { readonly autoCommit?: boolean },
  ): ConsumeMessageDirectlyResult => {
    const spentTimeMills = Math.round(clock.monotonic() - beganAt)
    return { order: listener.ordered !== 'none', autoCommit: true, spentTimeMills, ...outcome }
  }
  try {
    return done(await called(listener, message, context))
  } catch (error) {
    const { name, message: says } = asError(error)
    return done({ consumeResult: 'CR_THROW_EXCEPTION', remark: `${name}: ${says}` })
  }
}

const ORDERLY_RESULTS = {
  COMMIT: 'CR_COMMIT',
  KEEP: 'CR_SUCCESS',
  SUSPEND: 'CR_LATER',
  ROLLBACK: 'CR_ROLLBACK',
} as const satisfies Record<OrderlyVerdict['outcome'], CMResult>

/** Throws what the listener throws, and INVALID_ARGUMENT for a result that is none. */
async function called(whole: Listener, message: MessageExt, base: ConsumeContext) {
  if (whole.ordered === 'none') {
    const context = new ConcurrentContext(base)
    const result = await resultOf(whole.listener([message], context))
    const isSuccess = concurrentVerdict(result, 1, context).firstFailed === 1
    return { consumeResult: isSuccess ? 'CR_SUCCESS' : 'CR_LATER' } as const
  }
  const context = new OrderlyContext(base, whole.ordered)
  const result = await resultOf(whole.listener([message], context))
  const { autoCommit } = context
  const { outcome } = orderlyVerdict(result, context, 0)
  return { consumeResult: autoCommit && outcome === 'COMMIT' ? 'CR_SUCCESS' : ORDERLY_RESULTS[outcome], autoCommit }
}

function resultOf(given: unknown): unknown {
  return isThenable(given) ? Promise.resolve(given) : given
}
