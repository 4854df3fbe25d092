import type { Message } from '../../../lib/model/message'
import type { MessageQueue } from '../../../lib/model/message-queue'
import { Sender } from '../../../lib/sending/sender'
import { selectByHash } from '../../../lib/sending/selectors'
import { FakeClient } from '../../support/fake-client'
import { SENDER_SETTINGS } from '../../support/sender-setup'

async function setup(queues: Readonly<Record<string, number>> = { a: 2, b: 2 }) {
  const client = new FakeClient()
  await client.knownTopic('T', queues)
  return { sender: new Sender(client.asClient, 'producers', SENDER_SETTINGS) }
}

describe('the queue that a caller wants', () => {
  const message: Message = { topic: 'T', body: 'b' }

  it('is any where it says nothing', async () => {
    const { sender } = await setup()
    expect(sender.wantedQueue(message, {})).toBeUndefined()
  })

  it('is the one that it names, selects, or that its sharding key leads to', async () => {
    const { sender } = await setup({ a: 4 })
    const queue = { topic: 'T', brokerName: 'a', queueId: 3 }
    expect(sender.wantedQueue(message, { queue })).toEqual(queue)
    expect(sender.wantedQueue(message, { selector: queues => queues[1] as MessageQueue })).toMatchObject({ queueId: 1 })
    const byKey = selectByHash(
      [0, 1, 2, 3].map(queueId => ({ topic: 'T', brokerName: 'a', queueId })),
      message,
      'key',
    )
    expect(sender.wantedQueue({ ...message, shardingKey: 'key' }, {})).toEqual(byKey)
  })

  it('cannot be told where the route is not known', async () => {
    const { sender } = await setup()
    expect(sender.wantedQueue({ ...message, topic: 'Unknown', shardingKey: 'key' }, {})).toBe('UNKNOWN')
  })

  it('is refused where it is none of the topic', async () => {
    const { sender } = await setup()
    const queue = { topic: 'Other', brokerName: 'a', queueId: 0 }
    expect(() => sender.wantedQueue(message, { queue })).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  })
})
