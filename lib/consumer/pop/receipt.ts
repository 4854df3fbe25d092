import type { WireNames } from '../../client/wire-names'
import { RocketMQError } from '../../errors'
import type { MessageExt } from '../../model/message'
import { PROPERTY } from '../../model/property-names'
import { type PopExtraInfo, parseExtraInfo, realTopicOf } from '../../wire/pop-extra-info'
import { StoredMessage } from '../../wire/stored-message'

/** What brokers want to be told of a popped message. */
export interface Receipt {
  /** The receipt handle. */
  readonly handle: string
  /** What it says. */
  readonly info: PopExtraInfo
  /** The topic as the listener sees it. */
  readonly topic: string
}

/**
 * The receipt of a message.
 * @throws RocketMQError INVALID_RECEIPT for a message that was not popped, or by another group, or that carries a handle that
 * is none
 */
export function receiptOf(message: MessageExt, group: string): Receipt {
  const stored = message instanceof StoredMessage ? message : undefined
  const handle = stored?.property(PROPERTY.POP_CK)
  if (stored === undefined || handle === undefined) {
    const says = `this message has no receipt handle: group ${group} can acknowledge what receive() has returned, or a copy() of it`
    throw new RocketMQError('INVALID_RECEIPT', says, { group })
  }
  const { topic, poppedBy = group } = stored
  if (poppedBy !== group) {
    const says = `message ${message.msgId} of ${topic} was received by group ${poppedBy}: to group ${group} its receipt handle is of no use`
    throw new RocketMQError('INVALID_RECEIPT', says, { topic, group })
  }
  try {
    return { handle, info: parseExtraInfo(handle), topic }
  } catch (cause) {
    const says = `the receipt handle of message ${message.msgId} of ${topic} cannot be read`
    throw new RocketMQError('INVALID_RECEIPT', says, { topic, group, cause })
  }
}

/** The topic that brokers have the message of a receipt under. */
export function storedTopicOf({ info, topic }: Receipt, group: string, names: Pick<WireNames, 'wire'>): string {
  return realTopicOf(info.retry, names.wire(topic), names.wire(group))
}

/** What a user hears whose time with a message is over. */
export function expired({ topic, info }: Receipt, group: string): RocketMQError {
  const { queueId, queueOffset, brokerName } = info
  const says = `the invisible time of the message at offset ${queueOffset} of queue ${queueId} of ${topic} on ${brokerName} is over: the broker delivers it again; ask for more time, or use changeInvisibleDuration() before it ends`
  return new RocketMQError('INVALID_RECEIPT', says, { topic, brokerName, group })
}

/** Bits of one acknowledgement of several messages. */
const MOST_BITS = 4096

/** True where a message can be acknowledged as one of several: as a bit that counts from where its pop began. */
export function fitsBatch({ info }: Receipt): boolean {
  const distance = info.queueOffset - info.ckQueueOffset
  return distance >= 0 && distance < MOST_BITS
}
