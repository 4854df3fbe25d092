import { QueueTable } from '../../../lib/consumer/queue-table'
import type { MessageQueue } from '../../../lib/model/message-queue'

const queue = (topic: string, queueId: number, brokerName = 'a'): MessageQueue => ({ topic, brokerName, queueId })

function filled(): QueueTable<string> {
  const table = new QueueTable<string>()
  table.set(queue('T', 0), 'T0')
  table.set(queue('U', 0), 'U0')
  table.set(queue('T', 1), 'T1')
  table.set(queue('T', 0, 'b'), 'T0 on b')
  return table
}

describe('a table of queues', () => {
  it('finds by queue', () => {
    const table = filled()
    expect([table.get(queue('T', 1)), table.get(queue('T', 0, 'b')), table.get(queue('V', 0))]).toEqual([
      'T1',
      'T0 on b',
      undefined,
    ])
  })

  it('finds those of a topic, and all', () => {
    const table = filled()
    expect(table.ofTopic('T')).toEqual(['T0', 'T1', 'T0 on b'])
    expect(table.ofTopic('V')).toEqual([])
    expect(table.all).toEqual(['T0', 'T1', 'T0 on b', 'U0'])
  })

  it('has one of each queue', () => {
    const table = filled()
    table.set(queue('T', 0), 'another')
    expect([table.get(queue('T', 0)), table.size]).toEqual(['another', 4])
  })

  it('forgets', () => {
    const table = filled()
    table.delete(queue('U', 0))
    table.delete(queue('U', 0))
    table.delete(queue('T', 7))
    expect([table.get(queue('U', 0)), table.ofTopic('U'), table.size]).toEqual([undefined, [], 3])
  })
})
