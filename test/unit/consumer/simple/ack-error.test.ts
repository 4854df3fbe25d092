import { AckError } from '../../../../lib/consumer/simple/ack-error'
import { RocketMQError } from '../../../../lib/errors'
import { popped } from '../../../support/pop-setup'

describe('an acknowledgement of several messages that failed', () => {
  it('may be retried where each of its failures may', () => {
    const failure = (code: 'CHANNEL_CLOSED' | 'INVALID_RECEIPT') => ({
      message: popped(),
      error: new RocketMQError(code, 'no'),
    })
    const lost = [failure('CHANNEL_CLOSED'), failure('CHANNEL_CLOSED')]
    expect(new AckError('no', lost, {})).toMatchObject({ code: 'ACK_INCOMPLETE', retriable: true, failures: lost })
    expect(new AckError('no', [...lost, failure('INVALID_RECEIPT')], {}).retriable).toBe(false)
  })
})
