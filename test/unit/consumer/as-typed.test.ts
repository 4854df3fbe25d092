import { asTyped } from '../../../lib/consumer/as-typed'
import { RocketMQError } from '../../../lib/errors'

describe('asTyped', () => {
  it('keeps a typed error, and makes any other the cause of one', () => {
    const typed = new RocketMQError('REQUEST_TIMEOUT', 'late')
    expect(asTyped(typed, 'says')).toBe(typed)
    expect(asTyped('thrown', 'says', { topic: 'T' })).toMatchObject({
      code: 'INVALID_STATE',
      message: 'says: thrown',
      topic: 'T',
      cause: 'thrown',
    })
  })
})
