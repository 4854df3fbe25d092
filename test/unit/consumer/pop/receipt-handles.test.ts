import { ReceiptHandles } from '../../../../lib/consumer/pop/receipt-handles'
import { storedMessage } from '../../../support/records'

const HEADER = { popTime: 1000, invisibleTime: 60_000, reviveQid: 3, restNum: 0 }

describe('ReceiptHandles', () => {
  it('counts the messages that it has no handle for', () => {
    const handles = new ReceiptHandles(
      { ...HEADER, startOffsetInfo: '0 1 7', msgOffsetInfo: '0 1 7' },
      { consumerGroup: 'g', brokerName: 'broker-a', topic: 'Orders', order: false },
    )
    const known = storedMessage({ queueId: 1, queueOffset: 7 })
    expect(handles.attach([storedMessage({ queueId: 2 }), known, storedMessage({ queueId: 3 })])).toEqual({
      withHandle: [known],
      without: 2,
    })
  })

  it('survives the copy of a message', () => {
    const handles = new ReceiptHandles(HEADER, {
      consumerGroup: 'g',
      brokerName: 'broker-a',
      topic: 'Orders',
      order: false,
    })
    const message = storedMessage({ queueId: 1, queueOffset: 7 })
    handles.attach([message])
    expect(message.copy().properties).toMatchObject({ POP_CK: '7 1000 60000 3 0 broker-a 1 7', '1ST_POP_TIME': '1000' })
  })
})
