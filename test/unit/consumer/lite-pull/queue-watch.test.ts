import { QueueWatch } from '../../../../lib/consumer/lite-pull/queue-watch'
import { FakeClient } from '../../../support/fake-client'

async function setup() {
  const client = new FakeClient()
  await client.knownTopic('T', { a: 1 })
  const changes: string[] = []
  const watch = new QueueWatch({
    routes: client.routes,
    onChanged: (topic, queues) =>
      changes.push(`${topic}: ${queues.map(({ brokerName, queueId }) => `${brokerName}${queueId}`).join()}`),
  })
  return { client, changes, watch }
}

describe('a watched topic', () => {
  it('has its queues told when they are others than before', async () => {
    const { client, changes, watch } = await setup()
    expect(watch.add('T')).toEqual([{ topic: 'T', brokerName: 'a', queueId: 0 }])
    watch.look('T')
    expect(changes).toEqual([])
    await client.knownTopic('T', { a: 2, b: 1 })
    watch.look('T')
    watch.look('T')
    expect(changes).toEqual(['T: a0,a1,b0'])
  })

  it('is watched until it is watched no more, and others are not', async () => {
    const { client, changes, watch } = await setup()
    watch.add('T')
    expect(watch.topics).toEqual(['T'])
    watch.remove('T')
    await client.knownTopic('T', { a: 2 })
    watch.look('T')
    watch.look('U')
    expect([watch.topics, changes]).toEqual([[], []])
  })
})
