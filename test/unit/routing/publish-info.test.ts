import type { MessageQueue } from '../../../lib/model/message-queue'
import type { BrokerData, QueueData, TopicRoute } from '../../../lib/model/topic-route'
import { publishInfoOf, routeChanged, subscribeQueuesOf } from '../../../lib/routing/publish-info'

const queueData = (brokerName: string, fields: Partial<QueueData> = {}): QueueData => ({
  brokerName,
  readQueueNums: 2,
  writeQueueNums: 1,
  perm: 6,
  topicSysFlag: 0,
  ...fields,
})
const brokerData = (brokerName: string, ids: number[] = [0]): BrokerData => ({
  cluster: 'C',
  brokerName,
  brokerAddrs: new Map(ids.map(id => [id, `10.0.0.${id}:10911`])),
})
const route = (fields: Partial<TopicRoute> = {}): TopicRoute => ({
  queueDatas: [queueData('b'), queueData('a', { writeQueueNums: 2 })],
  brokerDatas: [brokerData('b'), brokerData('a')],
  ...fields,
})
const names = (queues: readonly MessageQueue[]): string[] =>
  queues.map(({ topic, brokerName, queueId }) => `${topic} ${brokerName}${queueId}`)
const malformed = expect.objectContaining({ code: 'PROTOCOL_ERROR', topic: 'T' })

describe('publishInfoOf', () => {
  it('lists the queues for writing by broker name and number', () => {
    const { orderTopic, queues } = publishInfoOf('T', route())
    expect([orderTopic, names(queues)]).toEqual([false, ['T a0', 'T a1', 'T b0']])
  })

  it('leaves out brokers that may not be written, that have no master, or no address at all', () => {
    const queueDatas = [queueData('a', { perm: 4 }), queueData('b'), queueData('c'), queueData('d', { perm: 2 })]
    const brokerDatas = [brokerData('a'), brokerData('b', [1, 2]), brokerData('d', [0, 1])]
    expect(names(publishInfoOf('T', route({ queueDatas, brokerDatas })).queues)).toEqual(['T d0'])
  })

  it('follows the order configuration alone where there is one', () => {
    const { orderTopic, queues } = publishInfoOf('T', route({ orderTopicConf: 'x:2;a:1;' }))
    expect([orderTopic, names(queues)]).toEqual([true, ['T x0', 'T x1', 'T a0']])
  })

  it('takes an empty order configuration for none', () => {
    expect(publishInfoOf('T', route({ orderTopicConf: '' })).orderTopic).toBe(false)
  })

  it.each(['a', 'a:', 'a:x', ':4', 'a:1e9', 'a:2147483647'])('refuses the order configuration %j', orderTopicConf => {
    expect(() => publishInfoOf('T', route({ orderTopicConf }))).toThrow(malformed)
  })

  it('refuses more queues than any topic has', () => {
    const queueDatas = Array.from({ length: 17 }, (_, i) => queueData(`b${i}`, { writeQueueNums: 65_536 }))
    const brokerDatas = queueDatas.map(({ brokerName }) => brokerData(brokerName))
    expect(() => publishInfoOf('T', { queueDatas, brokerDatas })).toThrow(malformed)
  })
})

describe('subscribeQueuesOf', () => {
  it('lists the queues for reading, those of brokers without a master too', () => {
    expect(names(subscribeQueuesOf('T', route({ brokerDatas: [brokerData('b', [1])] })))).toEqual([
      'T a0',
      'T a1',
      'T b0',
      'T b1',
    ])
  })

  it('leaves out brokers that may not be read', () => {
    expect(
      names(subscribeQueuesOf('T', route({ queueDatas: [queueData('a', { perm: 2 }), queueData('b', { perm: 4 })] }))),
    ).toEqual(['T b0', 'T b1'])
  })

  it('does not follow the order configuration', () => {
    expect(names(subscribeQueuesOf('T', route({ orderTopicConf: 'x:1' })))).toHaveLength(4)
  })
})

describe('routeChanged', () => {
  it('is true for the first route', () => {
    expect(routeChanged(undefined, route())).toBe(true)
  })

  it('does not look at the order of brokers and addresses, nor at the cluster', () => {
    const one = route({ brokerDatas: [brokerData('a', [0, 1]), brokerData('b')] })
    const other = route({
      queueDatas: [...one.queueDatas].reverse(),
      brokerDatas: [{ ...brokerData('b'), cluster: 'D' }, brokerData('a', [1, 0])],
    })
    expect(routeChanged(one, other)).toBe(false)
  })

  it.each<[string, Partial<TopicRoute>]>([
    ['order', { orderTopicConf: 'a:1' }],
    ['number of brokers', { queueDatas: [queueData('b')] }],
    ['permission', { queueDatas: [queueData('b', { perm: 4 }), queueData('a', { writeQueueNums: 2 })] }],
    ['queues to read', { queueDatas: [queueData('b', { readQueueNums: 3 }), queueData('a', { writeQueueNums: 2 })] }],
    ['queues to write', { queueDatas: [queueData('b', { writeQueueNums: 3 }), queueData('a', { writeQueueNums: 2 })] }],
    ['flag', { queueDatas: [queueData('b', { topicSysFlag: 1 }), queueData('a', { writeQueueNums: 2 })] }],
    ['addresses', { brokerDatas: [brokerData('b', [0, 1]), brokerData('a')] }],
    ['brokers', { brokerDatas: [brokerData('b'), brokerData('c')] }],
  ])('notices another %s', (_, change) => {
    expect(routeChanged(route(), route(change))).toBe(true)
  })
})

describe('the queues of a static topic', () => {
  const logicalQueues = new Map([
    [
      '__syslo__global__',
      new Map([
        [1, 'b'],
        [0, 'a'],
        [2, '__syslo__none__'],
      ]),
    ],
  ])

  it('are the logical ones, by number; those that are on no broker are for readers to wait for', () => {
    const { orderTopic, queues } = publishInfoOf('T', route({ logicalQueues }))
    expect([orderTopic, names(queues)]).toEqual([false, ['T __syslo__global__0', 'T __syslo__global__1']])
    expect(subscribeQueuesOf('T', route({ logicalQueues }))).toHaveLength(3)
  })

  it('are others where they are hosted elsewhere', () => {
    const moved = new Map([['__syslo__global__', new Map([[0, 'b']])]])
    expect(routeChanged(route({ logicalQueues }), route({ logicalQueues: moved }))).toBe(true)
    expect(routeChanged(route({ logicalQueues }), route({ logicalQueues }))).toBe(false)
  })
})
