import type { ClientInstance } from '../../client/client-instance'
import { CHANGE_MESSAGE_INVISIBLETIME } from '../../commands/pop'
import { BrokerError, RocketMQError } from '../../errors'
import { PROPERTY } from '../../model/property-names'
import type { CallOptions } from '../../remoting/remoting-client'
import { type PopExtraInfo, buildExtraInfo } from '../../wire/pop-extra-info'
import type { StoredMessage } from '../../wire/stored-message'
import { asPopError, masterOf } from './pop-broker'
import { type Receipt, expired, receiptOf, storedTopicOf } from './receipt'
import { renewedHandle } from './renewed-handle'

export interface InvisibleTimeOptions {
  readonly client: Pick<ClientInstance, 'clock' | 'names' | 'remoting' | 'routes'>
  readonly consumerGroup: string
}

/** As Java's. */
const TIMEOUT_MS = 3000
/** What is given back is seen by others this soon. */
const RELEASED_MS = 1000
/** The clock of a broker that has answered is in another millisecond after this time. */
const NEXT_MS = 2
/** Brokers look at once at what falls due within some 14 s. */
const LOOKED_AT_ONCE_MS = 20_000

/** Changes for how long others do not see popped messages. */
export class InvisibleTime {
  readonly #options: InvisibleTimeOptions

  constructor(options: InvisibleTimeOptions) {
    this.#options = options
  }

  /**
   * Others do not see the message for `ms` from now. It gets its new receipt handle, the old one is of no use any more.
   * @returns the new handle
   * @throws RocketMQError INVALID_RECEIPT where the broker does not have it, and those of `RemotingClient.invoke`
   */
  async change(
    message: StoredMessage,
    ms: number,
    { timeoutMs = TIMEOUT_MS, signal }: CallOptions = {},
  ): Promise<string> {
    const { client, consumerGroup } = this.#options
    const receipt = receiptOf(message, consumerGroup)
    const { info, handle } = receipt
    const { queueId, queueOffset, brokerName } = info
    const address = await masterOf(client, { topic: receipt.topic, brokerName }, { timeoutMs, signal })
    if (isMistakable(info, ms)) await client.clock.sleep(NEXT_MS, signal)
    const header = {
      consumerGroup,
      topic: storedTopicOf(receipt, consumerGroup, client.names),
      queueId,
      extraInfo: handle,
      offset: queueOffset,
      invisibleTime: ms,
      bname: brokerName,
    }
    try {
      const reply = await client.remoting.invoke(
        address,
        CHANGE_MESSAGE_INVISIBLETIME,
        { header },
        { timeoutMs, signal },
      )
      const renewed = buildExtraInfo(renewedHandle(info, reply.header))
      message.setProperty(PROPERTY.POP_CK, renewed)
      return renewed
    } catch (error) {
      throw asReceiptError(asPopError(error, address), receipt, consumerGroup)
    }
  }

  /** Lets others have messages soon that nobody handles; what cannot be told comes when its invisible time is over. */
  async release(messages: readonly StoredMessage[]): Promise<void> {
    await Promise.allSettled(messages.map(message => this.change(message, RELEASED_MS)))
  }
}

/**
 * True for the first message of a pop: a broker (5.5.0) that changes its time within the millisecond of the pop takes the two
 * for one, and loses the message and all that were popped with it, where both fall due at about the same time.
 */
function isMistakable({ queueOffset, ckQueueOffset, invisibleTime }: PopExtraInfo, ms: number): boolean {
  return queueOffset === ckQueueOffset && Math.abs(ms - invisibleTime) < LOOKED_AT_ONCE_MS
}

/** Answers of a broker that does not have what a receipt names. */
export function asReceiptError(error: unknown, receipt: Receipt, group: string): unknown {
  const isUnknown = BrokerError.is(error, 'NO_MESSAGE') || BrokerError.is(error, 'MESSAGE_ILLEGAL')
  if (!isUnknown) return error
  const { message } = expired(receipt, group)
  const { topic, info } = receipt
  const says = `the broker does not know the receipt, or not any more: ${message}`
  return new RocketMQError('INVALID_RECEIPT', says, { topic, group, brokerName: info.brokerName, cause: error })
}
