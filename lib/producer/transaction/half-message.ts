import { RocketMQError } from '../../errors'
import type { Message } from '../../model/message'
import { PROPERTY } from '../../model/property-names'
import { SYS_FLAG } from '../../model/sys-flag'
import type { PreparedMessage } from '../../sending/prepared-message'
import { appendProperty } from '../../wire/properties'

/**
 * Refuses what cannot be sent in a transaction: a batch, and a message with a delay, which the broker would lose sight of.
 * @throws RocketMQError INVALID_MESSAGE
 */
export function checkTransactional(message: Message): void {
  const given: unknown = message
  // What is no message at all is refused when it is prepared.
  if (typeof given !== 'object' || given === null) return
  if (Array.isArray(given)) throw invalid('a batch cannot be sent in a transaction: send its messages one by one')
  const { delayTimeLevel = 0, delayMs = 0, deliverAt } = message
  if (delayTimeLevel === 0 && delayMs === 0 && deliverAt === undefined) return
  throw invalid('a message in a transaction can have no delay: leave out delayTimeLevel, delayMs and deliverAt')
}

/** The message as it is sent for consumers not to see it yet. The group is named as brokers know it. */
export function asHalf(
  prepared: PreparedMessage,
  { group, immunitySeconds }: { group: string; immunitySeconds: number | undefined },
): PreparedMessage {
  let properties = appendProperty(prepared.properties, PROPERTY.TRAN_MSG, 'true')
  properties = appendProperty(properties, PROPERTY.PGROUP, group)
  if (immunitySeconds !== undefined)
    properties = appendProperty(properties, PROPERTY.CHECK_IMMUNITY_TIME_IN_SECONDS, String(immunitySeconds))
  return { ...prepared, properties, sysFlag: prepared.sysFlag | SYS_FLAG.TRANSACTION_PREPARED }
}

function invalid(says: string): RocketMQError {
  return new RocketMQError('INVALID_MESSAGE', says, { sent: 'NO' })
}
