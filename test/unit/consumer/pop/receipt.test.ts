import { WireNames } from '../../../../lib/client/wire-names'
import { expired, fitsBatch, receiptOf, storedTopicOf } from '../../../../lib/consumer/pop/receipt'
import { PROPERTY } from '../../../../lib/model/property-names'
import { buildExtraInfo } from '../../../../lib/wire/pop-extra-info'
import { popInfo, popped } from '../../../support/pop-setup'
import { storedMessage } from '../../../support/records'

describe('the receipt of a message', () => {
  it('says where the message is stored, for each kind of retry topic', () => {
    const topicsIn = (namespace: string) =>
      (['0', '1', '2'] as const).map(retry =>
        storedTopicOf(receiptOf(popped({ retry }), 'g'), 'g', new WireNames(namespace)),
      )
    expect(topicsIn('')).toEqual(['Orders', '%RETRY%g_Orders', '%RETRY%g+Orders'])
    expect(topicsIn('n')).toEqual(['n%Orders', '%RETRY%n%g_n%Orders', '%RETRY%n%g+n%Orders'])
    expect(receiptOf(popped({ queueOffset: 9 }).copy(), 'g')).toMatchObject({
      handle: '0 1000 60000 3 0 a 1 9',
      topic: 'Orders',
      info: { queueOffset: 9, brokerName: 'a' },
    })
  })

  it('is missing from messages that were not popped, and from what is no message', () => {
    const refused = expect.objectContaining({ code: 'INVALID_RECEIPT', group: 'g' })
    for (const none of [storedMessage(), undefined, {}, 'x'])
      expect(() => receiptOf(none as never, 'g')).toThrow(refused)
    const garbled = storedMessage()
    garbled.setProperty(PROPERTY.POP_CK, '1 2 x')
    expect(() => receiptOf(garbled, 'g')).toThrow(refused)
  })

  it('is of no use to another group than the one that received the message', () => {
    const message = storedMessage({}, { poppedBy: 'other' })
    message.setProperty(PROPERTY.POP_CK, buildExtraInfo(popInfo()))
    expect(receiptOf(message.copy(), 'other')).toMatchObject({ topic: 'Orders' })
    for (const each of [message, message.copy()])
      expect(() => receiptOf(each, 'g')).toThrow(
        expect.objectContaining({
          code: 'INVALID_RECEIPT',
          group: 'g',
          message: expect.stringContaining('group other'),
        }),
      )
  })

  it('names the message whose time is over', () => {
    const receipt = receiptOf(popped(), 'g')
    expect(expired(receipt, 'g')).toMatchObject({
      code: 'INVALID_RECEIPT',
      message: /offset 7 of queue 1 of Orders on a/,
    })
  })

  it('goes together with others while it is near to where its pop began', () => {
    const at = (queueOffset: number) => fitsBatch(receiptOf(popped({ ckQueueOffset: 10, queueOffset }), 'g'))
    expect([10, 42, 4105, 4106, 9].map(at)).toEqual([true, true, true, false, false])
  })
})
