import { GET_ROUTEINFO_BY_TOPIC } from '../../../lib/commands/route'
import { RocketMQError } from '../../../lib/errors'
import { Sender } from '../../../lib/sending/sender'
import { reply } from '../../support/attempt-setup'
import { FakeClient, type HotRequest } from '../../support/fake-client'
import { SENDER_SETTINGS, prepare } from '../../support/sender-setup'

const LOGICAL = '__syslo__global__'

const hosts = (client: FakeClient) => client.hot.map(({ address }: HotRequest) => address.split(':')[0])

describe('a send to a static topic', () => {
  async function staticTopic() {
    const client = new FakeClient()
    await client.knownTopic('T', { a: 2, b: 2 })
    const sender = new Sender(client.asClient, 'producers', SENDER_SETTINGS)
    const hostedBy = (host: string): void => {
      const route = client.topicRoutes.get('T')
      const logicalQueues = new Map([[LOGICAL, new Map([[0, host]])]])
      client.topicRoutes.set('T', { ...(route as NonNullable<typeof route>), logicalQueues })
    }
    hostedBy('a')
    await client.routes.refresh('T')
    return { client, sender, hostedBy }
  }

  it('goes to the broker that has the queue, and the result names the queue as all do', async () => {
    const { client, sender } = await staticTopic()
    const sent = sender.send(prepare(), {})
    expect(hosts(client)).toEqual(['a'])
    expect(client.hot[0]?.entry.content.extFields?.['n']).toBe('a')
    client.hot[0]?.entry.onReply(reply(0))
    expect((await sent).messageQueue).toEqual({ topic: 'T', brokerName: LOGICAL, queueId: 3 })
  })

  it('follows a queue that moves, and waits for name servers to hear of it', async () => {
    const { client, sender, hostedBy } = await staticTopic()
    const queue = { topic: 'T', brokerName: LOGICAL, queueId: 0 }
    const sent = sender.send(prepare(), { queue })
    client.hot[0]?.entry.onReply(reply(501))
    await client.settle()
    expect(client.hot).toHaveLength(1)
    hostedBy('b')
    await client.clock.advance(200)
    client.hot[1]?.entry.onReply(reply(501))
    await client.settle()
    client.hot[2]?.entry.onReply(reply(0))
    await sent
    expect(hosts(client)).toEqual(['a', 'a', 'b'])
  })

  it('fails with the broker’s answer where name servers never hear of it, or cannot be asked', async () => {
    const { client, sender } = await staticTopic()
    client.on(GET_ROUTEINFO_BY_TOPIC, () => {
      throw new RocketMQError('CONNECT_FAILED', 'gone', { sent: 'NO' })
    })
    const failed = expect(sender.send(prepare(), { timeoutMs: 300 })).rejects.toMatchObject({
      responseCode: 'NOT_LEADER_FOR_QUEUE',
      sent: 'NO',
    })
    client.hot[0]?.entry.onReply(reply(501))
    await client.settle()
    await client.clock.advance(300)
    client.hot[1]?.entry.onReply(reply(501))
    await failed
  })
})
