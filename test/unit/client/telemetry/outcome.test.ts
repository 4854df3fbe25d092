import { errorTypeOf, messageCountOf, topicOf } from '../../../../lib/client/telemetry/outcome'
import { BrokerError, RocketMQError } from '../../../../lib/errors'
import type { Message } from '../../../../lib/model/message'
import { messageOf, processEvent, requestEvent, sendEvent, settleEvent } from '../../../support/telemetry-events'

const message: Message = { topic: 'T', body: 'b' }

describe('the outcome of an operation', () => {
  it('is named by the error’s code, the broker’s response, or the name of a stranger’s error', () => {
    const failed = (error: unknown): string | undefined => errorTypeOf(sendEvent(message, { error }))
    expect(failed(new RocketMQError('SEND_TIMEOUT', 'late'))).toBe('SEND_TIMEOUT')
    expect(failed(new BrokerError('SYSTEM_BUSY', undefined, 'busy'))).toBe('SYSTEM_BUSY')
    expect(failed(new TypeError('wrong'))).toBe('TypeError')
    expect(failed('words')).toBe('Error')
    expect(errorTypeOf(sendEvent(message))).toBeUndefined()
  })

  it.each([
    ['CONSUME_SUCCESS', undefined],
    ['SUCCESS', undefined],
    ['COMMIT', undefined],
    ['RECONSUME_LATER', 'RECONSUME_LATER'],
    ['ROLLBACK', 'ROLLBACK'],
    [{ status: 'SUSPEND_CURRENT_QUEUE_A_MOMENT' }, 'SUSPEND_CURRENT_QUEUE_A_MOMENT'],
  ])('of a listener that returned %j is %s', (result, expected) => {
    expect(errorTypeOf(processEvent({ result }))).toBe(expected)
  })

  it('has a topic where all that it is about has the same one', () => {
    expect(topicOf(sendEvent(message))).toBe('T')
    expect(topicOf(sendEvent([message, message]))).toBe('T')
    expect(topicOf(requestEvent('R'))).toBe('R')
    expect(topicOf(processEvent({ messages: [messageOf('T')] }))).toBe('T')
    expect(topicOf(settleEvent({ messages: [messageOf('T'), messageOf('U')] }))).toBeUndefined()
    expect(topicOf(settleEvent({}))).toBeUndefined()
    const messageQueues = [{ topic: 'Q', brokerName: 'b', queueId: 0 }]
    expect(topicOf(settleEvent({ operation: 'commit', messageQueues }))).toBe('Q')
  })

  it('has none where a caller gave no message, and does not throw', () => {
    expect(topicOf(sendEvent(undefined as unknown as Message))).toBeUndefined()
    expect(topicOf(sendEvent([null as unknown as Message]))).toBeUndefined()
  })

  it('counts messages', () => {
    expect(messageCountOf(sendEvent(message))).toBe(1)
    expect(messageCountOf(sendEvent([message, message, message]))).toBe(3)
    expect(messageCountOf(requestEvent('R'))).toBe(1)
    expect(messageCountOf(processEvent({ messages: [messageOf('T'), messageOf('T')] }))).toBe(2)
  })
})
