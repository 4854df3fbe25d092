import type { MessageExt } from '../../lib/index'
import type { OrderChecker } from './order-checker'

/** The listener of an orderly consumer: hands messages on, and has their order in each queue looked at. */
export function inOrder(
  order: OrderChecker,
  take: (message: MessageExt) => void,
  { mayRepeat = false } = {},
): (message: MessageExt) => void {
  return message => {
    const lane = `${message.brokerName} queue ${message.queueId}`
    order.begin(lane, message.queueOffset, mayRepeat ? {} : undefined)
    take(message)
    order.end(lane)
  }
}
