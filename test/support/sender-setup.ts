import type { Message } from '../../lib/model/message'
import { type PreparedMessage, prepareMessage } from '../../lib/sending/prepared-message'
import { UniqueIds } from '../../lib/wire/unique-id'
import { reply } from './attempt-setup'
import type { HotRequest } from './fake-client'

/** Of a sender as producers have it by default, but for one retry of the callback form. */
export const SENDER_SETTINGS = {
  createTopicKey: 'TBW102',
  defaultTopicQueueNums: 4,
  sendTimeoutMs: 3000,
  retryTimesWhenSendFailed: 2,
  retryTimesWhenSendAsyncFailed: 1,
  retryAnotherBrokerWhenNotStoreOK: false,
  timerOnOldBrokers: 'reject',
} as const

/** A message of topic `T`, ready to be sent. */
export function prepare(fields: Partial<Message> = {}): PreparedMessage {
  return prepareMessage({ topic: 'T', body: 'b', ...fields }, { uniqueIds: new UniqueIds(), maxMessageSize: 100 })
}

/** Answers a send as a broker does that stored it at offset 5 of queue 1, or with another code. */
export function answer(request: HotRequest | undefined, code = 0): void {
  request?.entry.onReply(reply(code, { extFields: { msgId: 'OFFSET', queueId: '1', queueOffset: '5' } }))
}
