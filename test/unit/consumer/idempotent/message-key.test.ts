import { storedKey } from '../../../../lib/consumer/idempotent/message-key'
import { orderMessage } from '../../../support/idempotent-setup'
import { storedMessage } from '../../../support/records'

const none = (): undefined => undefined

describe('the key of a message', () => {
  it('keeps groups and topics apart', () => {
    const message = orderMessage('1')
    expect(storedKey(message, 'billing', () => 'k')).toBe('billing/Orders/k')
    expect(storedKey(message, 'shipping', () => 'k')).toBe('shipping/Orders/k')
    expect(storedKey(storedMessage({ topic: 'Payments' }), 'billing', () => 'k')).toBe('billing/Payments/k')
  })

  it('is the id that the producer gave, where there is no other', () => {
    expect(storedKey(orderMessage('1'), 'billing', none)).toBe('billing/Orders/id-1')
  })

  it('is the id of the first copy for messages that have none of their producer, so that retries share it', () => {
    const first = storedMessage({ properties: '', commitLogOffset: 100 })
    const retried = storedMessage({
      properties: `ORIGIN_MESSAGE_ID\u0001${first.offsetMsgId}\u0002`,
      commitLogOffset: 200,
    })
    expect(retried.offsetMsgId).not.toBe(first.offsetMsgId)
    expect(storedKey(first, 'billing', none)).toBe(`billing/Orders/${first.offsetMsgId}`)
    expect(storedKey(retried, 'billing', none)).toBe(`billing/Orders/${first.offsetMsgId}`)
  })

  it.each([
    ['no text', 5],
    ['a symbol', Symbol('k')],
    ['an empty text', ''],
    ['a text too long', 'x'.repeat(256)],
    ['a text with a NUL', 'a\0b'],
    ['a text with half a character', 'a\ud83d'],
  ])('is refused where keyOf returns %s', (_, key) => {
    expect(() => storedKey(orderMessage('1'), 'billing', () => key as string)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('message id-1') }),
    )
  })

  it('may have 255 characters of any writing', () => {
    expect(storedKey(orderMessage('1'), 'billing', () => '🛒'.repeat(127))).toHaveLength(15 + 254)
  })
})
