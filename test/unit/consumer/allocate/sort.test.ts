import { sortedClientIds, sortedQueues } from '../../../../lib/consumer/allocate/sort'

describe('sortedQueues', () => {
  it('sorts by topic, broker name and number of the queue, in a copy', () => {
    const queues = [
      { topic: 'T', brokerName: 'b', queueId: 10 },
      { topic: 'T', brokerName: 'b', queueId: 9 },
      { topic: 'T', brokerName: 'B', queueId: 11 },
      { topic: 'A', brokerName: 'z', queueId: 0 },
    ]
    expect(sortedQueues(queues).map(({ topic, brokerName, queueId }) => `${topic} ${brokerName} ${queueId}`)).toEqual([
      'A z 0',
      'T B 11',
      'T b 9',
      'T b 10',
    ])
    expect(queues[0]?.queueId).toBe(10)
  })
})

describe('sortedClientIds', () => {
  it('sorts by UTF-16 units, as Java does and no locale would', () => {
    expect(sortedClientIds(['a', '￮', '😀', 'B', '10.0.0.9@1', '10.0.0.10@1', '_'])).toEqual([
      '10.0.0.10@1',
      '10.0.0.9@1',
      'B',
      '_',
      'a',
      '😀',
      '￮',
    ])
  })
})
