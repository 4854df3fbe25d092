import { RocketMQError } from '../../../lib/errors'
import { abortReason } from '../../../lib/runtime/clock'
import { beforeSending, sendAborted, sendFailure } from '../../../lib/sending/send-failure'

describe('sendFailure', () => {
  it('tells whether the message was sent, where the error does not', () => {
    expect(sendFailure(new RocketMQError('INVALID_TOPIC', 'm'), 'NO')).toMatchObject({
      code: 'INVALID_TOPIC',
      sent: 'NO',
    })
    const told = new RocketMQError('CHANNEL_CLOSED', 'm', { sent: 'UNKNOWN' })
    expect(sendFailure(told, 'NO')).toBe(told)
    expect(told.sent).toBe('UNKNOWN')
  })

  it('leaves errors of others as they are', () => {
    const error = new TypeError('of a selector')
    expect(sendFailure(error, 'NO')).toBe(error)
    expect('sent' in error).toBe(false)
  })

  it('makes ABORTED of the reason of a signal, which stays as it is', () => {
    const own = new RocketMQError('INVALID_STATE', 'own')
    for (const reason of [new Error('enough'), own, 'text']) {
      const signal = AbortSignal.abort(reason)
      const error = sendFailure(abortReason(signal), 'NO', signal)
      expect(error).toMatchObject({ code: 'ABORTED', sent: 'NO', cause: reason })
    }
    expect(own.sent).toBeUndefined()
  })

  it('takes an error that came before the signal for what it is', () => {
    const error = new RocketMQError('TOPIC_NOT_FOUND', 'm')
    expect(sendFailure(error, 'NO', AbortSignal.abort())).toBe(error)
  })
})

describe('sendAborted', () => {
  it('says what is known of the message', () => {
    expect(sendAborted(AbortSignal.abort(), { sent: 'NO' }).message).toMatch(
      'This operation was aborted): the message was not sent',
    )
    expect(sendAborted(AbortSignal.abort(), { sent: 'UNKNOWN' }).message).toContain('not known')
  })
})

describe('beforeSending', () => {
  it('returns what was prepared, and tells of errors that nothing was sent', () => {
    expect(beforeSending(() => 5)).toBe(5)
    const fail = (): never => {
      throw new RocketMQError('INVALID_MESSAGE', 'm')
    }
    expect(() => beforeSending(fail)).toThrow(expect.objectContaining({ sent: 'NO' }))
  })
})
