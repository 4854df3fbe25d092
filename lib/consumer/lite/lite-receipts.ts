import type { ClientInstance } from '../../client/client-instance'
import { ACK_MESSAGE, CHANGE_MESSAGE_INVISIBLETIME } from '../../commands/pop'
import { RocketMQError } from '../../errors'
import type { MessageExt } from '../../model/message'
import { PROPERTY } from '../../model/property-names'
import type { CallOptions } from '../../remoting/remoting-client'
import { buildExtraInfo } from '../../wire/pop-extra-info'
import { StoredMessage } from '../../wire/stored-message'
import { asReceiptError } from '../pop/invisible-time'
import { masterOf } from '../pop/pop-broker'
import { receiptOf } from '../pop/receipt'
import { renewedHandle } from '../pop/renewed-handle'

export interface LiteReceiptsOptions {
  readonly client: ClientInstance
  readonly consumerGroup: string
}

/** What brokers are told of messages of lite topics that were received: one at a time, as they take no batches of them. */
export class LiteReceipts {
  readonly #options: LiteReceiptsOptions

  constructor(options: LiteReceiptsOptions) {
    this.#options = options
  }

  /** @throws RocketMQError INVALID_RECEIPT, and those of `RemotingClient.invoke` */
  async ack(message: MessageExt, call: CallOptions): Promise<void> {
    const { client } = this.#options
    const { receipt, header, address } = await this.#question(message, call)
    try {
      await client.remoting.invoke(address, ACK_MESSAGE, { header }, call)
    } catch (error) {
      throw asReceiptError(error, receipt, this.#options.consumerGroup)
    }
  }

  /** The message gets its new receipt handle. @throws RocketMQError as `ack` */
  async changeInvisible(message: MessageExt, invisibleTime: number, call: CallOptions): Promise<string> {
    const { client } = this.#options
    const { receipt, header, address, stored } = await this.#question(message, call)
    try {
      const request = { header: { ...header, invisibleTime } }
      const reply = await client.remoting.invoke(address, CHANGE_MESSAGE_INVISIBLETIME, request, call)
      const handle = buildExtraInfo(renewedHandle(receipt.info, reply.header))
      stored.setProperty(PROPERTY.POP_CK, handle)
      return handle
    } catch (error) {
      throw asReceiptError(error, receipt, this.#options.consumerGroup)
    }
  }

  async #question(message: MessageExt, call: CallOptions) {
    const { client, consumerGroup } = this.#options
    const { stored, liteTopic } = ofLiteTopic(message, consumerGroup)
    const receipt = receiptOf(stored, consumerGroup)
    const { queueId, queueOffset: offset, brokerName } = receipt.info
    const { topic } = receipt
    const address = await masterOf(client, { topic, brokerName }, call)
    const header = { consumerGroup, topic, queueId, extraInfo: receipt.handle, offset, liteTopic, bname: brokerName }
    return { receipt, header, address, stored }
  }
}

/** @throws RocketMQError INVALID_RECEIPT */
function ofLiteTopic(message: MessageExt, group: string): { stored: StoredMessage; liteTopic: string } {
  const liteTopic = message instanceof StoredMessage ? message.property(PROPERTY.LITE_TOPIC) : undefined
  if (message instanceof StoredMessage && liteTopic !== undefined) return { stored: message, liteTopic }
  const says = `this is no message of a lite topic that group ${group} has received, nor a copy() of it`
  throw new RocketMQError('INVALID_RECEIPT', says, { group })
}
