import { QueueMap } from '../../../lib/consumer/queue-map'
import type { MessageQueue } from '../../../lib/model/message-queue'
import { queuesOf } from '../../support/allocation'

const [q0, q1] = queuesOf(2) as [MessageQueue, MessageQueue]

describe('a map of queues', () => {
  it('knows a queue by what it is, not by the object', () => {
    const map = new QueueMap<string>()
    map.set(q0, 'a')
    expect([map.get(q0), map.get({ ...q0 }), map.get(q1)]).toEqual(['a', 'a', undefined])
    map.set({ ...q0 }, 'b')
    expect([map.get(q0), map.size]).toEqual(['b', 1])
  })

  it('forgets what was taken out, by whatever object it was known, and takes it in anew', () => {
    const map = new QueueMap<string>()
    map.set(q0, 'a')
    map.set(q1, 'b')
    const other = { ...q0 }
    expect([map.get(q0), map.get(other)]).toEqual(['a', 'a'])
    map.delete({ ...q0 })
    map.delete(q0)
    expect([map.get(q0), map.get(other), map.size]).toEqual([undefined, undefined, 1])
    map.set(other, 'c')
    expect([map.get(q0), [...map.values()]]).toEqual(['c', ['b', 'c']])
  })
})
