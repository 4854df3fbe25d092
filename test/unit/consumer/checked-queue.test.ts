import { checkedQueue, checkedQueues, notAssigned } from '../../../lib/consumer/checked-queue'

const queue = { topic: 'T', brokerName: 'b', queueId: 0 }
const invalid = expect.objectContaining({ code: 'INVALID_ARGUMENT' })

describe('queues that a user names', () => {
  it('are taken as they are, without what else is in them', () => {
    expect(checkedQueue({ ...queue, more: 1 } as never)).toEqual(queue)
  })

  it.each([
    undefined,
    null,
    'T',
    {},
    { ...queue, queueId: -1 },
    { ...queue, queueId: '0' },
    { ...queue, brokerName: '' },
  ])('are refused where they are none: %j', wrong => {
    expect(() => checkedQueue(wrong as never)).toThrow(invalid)
  })

  it('need a topic that may be', () => {
    expect(() => checkedQueue({ ...queue, topic: 'no topic' })).toThrow(
      expect.objectContaining({ code: 'INVALID_TOPIC' }),
    )
  })

  it('come as a list, in which each counts once', () => {
    const other = { ...queue, queueId: 1 }
    expect(checkedQueues([queue, other, { ...queue }])).toEqual([queue, other])
    expect(() => checkedQueues(queue as never)).toThrow(invalid)
  })

  it('and does not have are named with their place and group', () => {
    expect(notAssigned(queue, 'g')).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: 'queue 0 of T on b is not assigned to this consumer of group g at present',
      topic: 'T',
      brokerName: 'b',
      group: 'g',
    })
  })
})
