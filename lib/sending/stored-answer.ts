import { RESPONSE_CODES } from '../commands/response-code'
import { SEND_MESSAGE_V2 } from '../commands/send'
import { RocketMQError } from '../errors'
import type { MessageQueue } from '../model/message-queue'
import type { SendResult, SendStatus } from '../model/results'
import { DEFAULT_REGION } from '../model/trace'
import type { RemotingCommand } from '../wire/remoting-command'
import type { PreparedMessage } from './prepared-message'

/** Of a message that is stored: brokers say so while the queue of a static topic moves (Java `rewriteResponseForStaticTopic`). */
const UNKNOWN_OFFSET = -1
const STATUS_BY_CODE: ReadonlyMap<number, SendStatus> = new Map([
  [RESPONSE_CODES.SUCCESS.code, 'SEND_OK'],
  [RESPONSE_CODES.FLUSH_DISK_TIMEOUT.code, 'FLUSH_DISK_TIMEOUT'],
  [RESPONSE_CODES.FLUSH_SLAVE_TIMEOUT.code, 'FLUSH_SLAVE_TIMEOUT'],
  [RESPONSE_CODES.SLAVE_NOT_AVAILABLE.code, 'SLAVE_NOT_AVAILABLE'],
])

/**
 * The result that an answer to a send tells, or undefined where the message was refused.
 * @throws RocketMQError PROTOCOL_ERROR, UNSAFE_INTEGER
 */
export function storedAnswer(
  frame: RemotingCommand,
  prepared: PreparedMessage,
  queue: MessageQueue,
): SendResult | undefined {
  const sendStatus = STATUS_BY_CODE.get(frame.code)
  if (sendStatus === undefined) return undefined
  const header = SEND_MESSAGE_V2.responseHeader.decode(frame.extFields)
  const { queueId, queueOffset } = header
  if (header.msgId === '' || queueId < 0 || queueOffset < UNKNOWN_OFFSET) {
    const says = `broker ${queue.brokerName} answered a send with msgId '${header.msgId}', queue ${queueId} and offset ${queueOffset}`
    throw new RocketMQError('PROTOCOL_ERROR', says, {
      topic: queue.topic,
      brokerName: queue.brokerName,
      sent: 'UNKNOWN',
    })
  }
  return {
    sendStatus,
    msgId: prepared.msgId,
    offsetMsgId: header.msgId,
    messageQueue: { topic: queue.topic, brokerName: queue.brokerName, queueId: header.queueId },
    queueOffset: header.queueOffset,
    ...(header.transactionId === undefined ? undefined : { transactionId: header.transactionId }),
    ...(header.recallHandle === undefined ? undefined : { recallHandle: header.recallHandle }),
    regionId: header.MSG_REGION ?? DEFAULT_REGION,
    traceOn: header.TRACE_ON !== 'false',
  }
}
