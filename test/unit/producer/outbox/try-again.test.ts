import { BrokerError, type ErrorCode, RocketMQError } from '../../../../lib/errors'
import { hasNoRoute, isRefusal, mayBeTakenLater, maybeStored } from '../../../../lib/producer/outbox/try-again'

const failed = (code: ErrorCode, sent?: 'NO' | 'UNKNOWN'): RocketMQError =>
  new RocketMQError(code, 'x', sent && { sent })
const refused = (retriable: boolean): BrokerError => new BrokerError('CODE', undefined, 'x', { retriable })

describe('a failed send', () => {
  it.each<ErrorCode>(['CONNECT_FAILED', 'NO_NAME_SERVER', 'TOPIC_NOT_FOUND', 'SEND_TIMEOUT', 'CHANNEL_CLOSED'])(
    'is for the outbox after %s',
    code => {
      expect(mayBeTakenLater(failed(code))).toBe(true)
    },
  )

  it.each<ErrorCode>([
    'INVALID_MESSAGE',
    'INVALID_TOPIC',
    'PERMISSION_DENIED',
    'ABORTED',
    'SEND_FORBIDDEN',
    'TOO_MANY_REQUESTS',
    'INVALID_STATE',
  ])('is not after %s', code => {
    expect(mayBeTakenLater(failed(code))).toBe(false)
  })

  it('is where the broker says that it may succeed later', () => {
    expect([mayBeTakenLater(refused(true)), mayBeTakenLater(refused(false)), mayBeTakenLater(new Error('x'))]).toEqual([
      true,
      false,
      false,
    ])
  })

  it('may have stored the message unless it is known not to have', () => {
    expect(
      [failed('SEND_TIMEOUT', 'NO'), failed('SEND_TIMEOUT', 'UNKNOWN'), failed('SEND_TIMEOUT'), new Error()].map(
        maybeStored,
      ),
    ).toEqual([false, true, true, true])
  })

  it('speaks against the message where it is refused, not where no broker takes any', () => {
    expect([isRefusal(refused(false)), isRefusal(failed('INVALID_MESSAGE')), isRefusal(new Error())]).toEqual([
      true,
      true,
      true,
    ])
    const others: ErrorCode[] = [
      'CONNECT_FAILED',
      'TOPIC_NOT_FOUND',
      'ABORTED',
      'INVALID_STATE',
      'AUTHENTICATION_FAILED',
    ]
    expect(others.filter(code => isRefusal(failed(code)))).toEqual([])
  })

  it('may tell that the topic has no route', () => {
    const codes: ErrorCode[] = [
      'TOPIC_NOT_FOUND',
      'NO_WRITABLE_QUEUE',
      'BROKER_NOT_FOUND',
      'NO_NAME_SERVER',
      'CONNECT_FAILED',
    ]
    expect(codes.filter(code => hasNoRoute(failed(code)))).toEqual(codes.slice(0, 3))
  })
})
