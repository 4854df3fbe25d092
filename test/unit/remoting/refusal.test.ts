import { BrokerError } from '../../../lib/errors'
import { Refusal } from '../../../lib/remoting/refusal'

describe('Refusal', () => {
  it('is a BrokerError that knows whether to try again', () => {
    expect(BrokerError.is(new Refusal('SYSTEM_BUSY', 'later'))).toBe(true)
    expect(new Refusal('SYSTEM_BUSY', 'later').retriable).toBe(true)
    expect(new Refusal('NO_PERMISSION', 'never').retriable).toBe(false)
  })

  it('takes more header fields, its own first', () => {
    const refusal = new Refusal('NO_PERMISSION', 'no', { a: '1' }).with({ a: '2', b: '3' })
    expect([refusal.responseCode, refusal.remark, refusal.fields]).toEqual(['NO_PERMISSION', 'no', { a: '1', b: '3' }])
  })
})
