import {
  type QueueMapping,
  isLogicalBroker,
  isNowhere,
  logicalBrokerName,
  logicalQueuesOf,
} from '../../../lib/model/logical-queues'

const mapping = (brokerName: string, queueIds: number[], fields: Partial<QueueMapping> = {}): QueueMapping => ({
  brokerName,
  scope: '__global__',
  totalQueues: 4,
  epoch: 1,
  queueIds,
  ...fields,
})
const hosts = (...mappings: QueueMapping[]) =>
  Object.fromEntries(logicalQueuesOf(mappings).get('__syslo__global__') ?? [])

describe('the broker of logical queues', () => {
  it('is named after the scope, as in Java', () => {
    expect(logicalBrokerName('__global__')).toBe('__syslo__global__')
    expect(logicalBrokerName('other')).toBe('__syslo__other')
    expect([isLogicalBroker('__syslo__global__'), isLogicalBroker('broker-a')]).toEqual([true, false])
  })
})

describe('the hosts of logical queues', () => {
  it('are those that say so', () => {
    expect(hosts(mapping('a', [0, 2]), mapping('b', [1, 3]))).toEqual({ 0: 'a', 1: 'b', 2: 'a', 3: 'b' })
  })

  it('are those with the newest epoch where several say so, in whatever order they come', () => {
    const [old, moved] = [mapping('a', [0, 1, 2, 3]), mapping('b', [2, 3], { epoch: 2 })]
    for (const mappings of [
      [old, moved],
      [moved, old],
    ])
      expect(hosts(...mappings)).toEqual({ 0: 'a', 1: 'a', 2: 'b', 3: 'b' })
  })

  it('are nowhere for queues that nobody has', () => {
    const found = hosts(mapping('a', [0, 1]))
    expect(found[0]).toBe('a')
    expect(isNowhere(found[0] as string)).toBe(false)
    expect(isNowhere(found[3] as string)).toBe(true)
  })

  it('are bounded, however many queues a route tells of', () => {
    expect(Object.keys(hosts(mapping('a', [], { totalQueues: 1e9 }))).length).toBe(65_536)
  })

  it('are kept apart by scope', () => {
    const all = logicalQueuesOf([
      mapping('a', [0], { totalQueues: 1 }),
      mapping('b', [0], { scope: 's', totalQueues: 1 }),
    ])
    expect([...all.keys()].toSorted()).toEqual(['__syslo__global__', '__syslo__s'])
  })
})
