import { WireNames } from '../../../lib/client/wire-names'

const shop = new WireNames('shop')
const bare = new WireNames('')

describe('the names on the wire', () => {
  it.each([
    ['Orders', 'shop%Orders'],
    ['%RETRY%billing', '%RETRY%shop%billing'],
    ['%DLQ%billing', '%DLQ%shop%billing'],
    ['TBW102', 'TBW102'],
    ['CID_RMQ_SYS_TRANS', 'CID_RMQ_SYS_TRANS'],
  ])('of %s is %s, and back', (user, wire) => {
    expect(shop.wire(user)).toBe(wire)
    expect(shop.wire(wire)).toBe(wire)
    expect(shop.user(wire)).toBe(user)
  })

  it('are those of users where there is no namespace, and nothing is copied', () => {
    const request = { header: { topic: 'Orders' } }
    const queue = { topic: 'Orders', brokerName: 'a', queueId: 0 }
    expect(bare.wire('Orders')).toBe('Orders')
    expect(bare.user('shop%Orders')).toBe('shop%Orders')
    expect(bare.outgoing(request)).toBe(request)
    expect(bare.incoming(request)).toBe(request)
    expect(bare.wireQueue(queue)).toBe(queue)
    expect(bare.userQueue(queue)).toBe(queue)
  })

  it('leave those of other namespaces as they are', () => {
    expect(shop.user('bank%Orders')).toBe('bank%Orders')
  })

  it('are put into headers and bodies, wherever they stand', () => {
    const body = Buffer.from('topic')
    const request = {
      header: {
        topic: 'Orders',
        consumerGroup: 'billing',
        originTopic: 'Orders',
        queueId: 1,
        remark: 'topic',
        absent: undefined,
      },
      body: [{ groupName: 'billing', subscriptionDataSet: [{ topic: 'Orders', subString: 'topic' }], body }],
    }
    const wire = shop.outgoing(request)
    expect(wire).toEqual({
      header: {
        topic: 'shop%Orders',
        consumerGroup: 'shop%billing',
        originTopic: 'shop%Orders',
        queueId: 1,
        remark: 'topic',
        absent: undefined,
      },
      body: [{ groupName: 'shop%billing', subscriptionDataSet: [{ topic: 'shop%Orders', subString: 'topic' }], body }],
    })
    expect(shop.incoming(wire)).toEqual(request)
    expect(request.header.topic).toBe('Orders')
  })

  it('do not follow what is nested without end', () => {
    const loop: Record<string, unknown> = { topic: 'Orders' }
    loop['loop'] = loop
    expect(shop.outgoing(loop)['topic']).toBe('shop%Orders')
  })

  it('of queues are translated', () => {
    const queue = { topic: 'Orders', brokerName: 'a', queueId: 0 }
    expect(shop.wireQueue(queue)).toEqual({ ...queue, topic: 'shop%Orders' })
    expect(shop.userQueue(shop.wireQueue(queue))).toEqual(queue)
  })
})
