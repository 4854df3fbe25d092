import { fetchMessageQueues } from '../../../lib/consumer/fetch-message-queues'
import { FakeClient } from '../../support/fake-client'

describe('the queues of a topic', () => {
  it('are those that can be read now, and nothing is kept of them', async () => {
    const client = new FakeClient().topic('T', { b: 1, a: 2 })
    const queues = await fetchMessageQueues(client.asClient, 'T')
    expect(queues.map(({ brokerName, queueId }) => `${brokerName} ${queueId}`)).toEqual(['a 0', 'a 1', 'b 0'])
    expect(client.routes.get('T')).toBeUndefined()
  })

  it('of a topic that is not there, or cannot be, are an error', async () => {
    const client = new FakeClient().asClient
    await expect(fetchMessageQueues(client, 'T')).rejects.toMatchObject({ code: 'TOPIC_NOT_FOUND', topic: 'T' })
    await expect(fetchMessageQueues(client, 'no topic')).rejects.toMatchObject({ code: 'INVALID_TOPIC' })
  })
})
