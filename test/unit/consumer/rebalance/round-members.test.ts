import { GET_CONSUMER_LIST_BY_GROUP } from '../../../../lib/commands/client'
import { RoundMembers } from '../../../../lib/consumer/rebalance/round-members'
import { RocketMQError } from '../../../../lib/errors'
import { FakeClient } from '../../../support/fake-client'

const TOPICS = Array.from({ length: 20 }, (_, i) => `T${i}`)

/** A master and its slave know all topics. */
async function setUp(clientIds?: (client: FakeClient) => string[]) {
  const client = new FakeClient()
  for (const topic of TOPICS) await client.knownTopic(topic, { a: 4 })
  client.on(GET_CONSUMER_LIST_BY_GROUP, () => {
    if (clientIds === undefined) throw new RocketMQError('REQUEST_TIMEOUT', 'no answer')
    return { code: 'SUCCESS', body: { consumerIdList: clientIds(client) } }
  })
  const errors: RocketMQError[] = []
  const members = new RoundMembers({
    client: client.asClient,
    consumerGroup: 'g',
    signal: new AbortController().signal,
    onBackgroundError: error => errors.push(error),
  })
  const asked = (): string[] => client.sent(GET_CONSUMER_LIST_BY_GROUP).map(({ address }) => address)
  return { client, errors, members, asked: () => asked().sort() }
}

const BOTH = ['a:10911', 'a:10921']

describe('the members of a group', () => {
  it('are asked for once in a round at each broker, however many topics it has', async () => {
    const { members, client, asked } = await setUp(({ clientId }) => [clientId, 'other'])
    const lists = await Promise.all(TOPICS.map(topic => members.of(topic)))
    expect(lists).toEqual(TOPICS.map(() => [client.clientId, 'other']))
    expect(BOTH).toEqual(expect.arrayContaining(asked()))
    expect(asked().length).toBeLessThanOrEqual(2)
  })

  it('are not known where no broker lists us, which is told of once for each', async () => {
    const { members, errors, asked } = await setUp(() => ['other'])
    for (const topic of TOPICS) expect(await members.of(topic)).toBeUndefined()
    expect(asked()).toEqual(BOTH)
    expect(new Set(errors.map(({ address }) => address)).size).toBe(errors.length)
    expect(errors[0]).toMatchObject({ code: 'INVALID_STATE', topic: 'T0', group: 'g' })
  })

  it('are waited for once at each broker that does not answer', async () => {
    const { members, asked } = await setUp()
    await expect(members.of('T0')).rejects.toThrow('no answer')
    await expect(members.of('T1')).rejects.toThrow('no answer')
    expect(asked()).toEqual(BOTH)
  })
})
