import { QUERY_CONSUMER_OFFSET, UPDATE_CONSUMER_OFFSET } from '../../../../lib/commands/offset'
import { PULL_MESSAGE } from '../../../../lib/commands/pull'
import { brokerError, RESPONSE_CODES } from '../../../../lib/commands/response-code'
import { instanceOffsetGroup, instanceOffsets } from '../../../../lib/consumer/offsets/instance-offsets'
import { FakeClient } from '../../../support/fake-client'

const KEY = { consumerGroup: 'news', broadcastOffsetKey: 'screen-1' }
const queue = (queueId: number, brokerName = 'a') => ({ topic: 'T', brokerName, queueId })

async function setup() {
  const client = new FakeClient()
  await client.knownTopic('T', { a: 2, b: 1 })
  const header = { suggestWhichBrokerId: 0, nextBeginOffset: 0, minOffset: 0, maxOffset: 0 }
  client.on(PULL_MESSAGE, () => ({ code: 'PULL_NOT_FOUND', header }))
  client.on(QUERY_CONSUMER_OFFSET, () => ({ code: 'SUCCESS', header: { offset: 7 } }))
  client.on(UPDATE_CONSUMER_OFFSET, () => ({ code: 'SUCCESS' }))
  return { client, store: instanceOffsets(client.asClient, KEY) }
}

describe('the group of the offsets of a member', () => {
  it('is named after the group and the member', () => {
    expect(instanceOffsetGroup(KEY)).toBe('news|screen-1')
  })

  it.each(['', 'a b', 'a|b', 'a%b', 'x'.repeat(120), 5])('is not named %p', broadcastOffsetKey => {
    expect(() => instanceOffsetGroup({ ...KEY, broadcastOffsetKey: broadcastOffsetKey as string })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('broadcastOffsetKey') }),
    )
  })
})

describe('the offsets of a member', () => {
  it('are read and written under its group', async () => {
    const { client, store } = await setup()
    expect(await store.read(queue(0))).toBe(7)
    store.update(queue(0), 9, { increaseOnly: true })
    await store.persist([queue(0)], { confirmed: true })
    const groups = client.requests
      .slice(1)
      .map(({ command, header }) => `${command} ${String(header['consumerGroup'])}`)
    expect(groups).toEqual([
      'PULL_MESSAGE news|screen-1',
      'QUERY_CONSUMER_OFFSET news|screen-1',
      'UPDATE_CONSUMER_OFFSET news|screen-1',
    ])
  })

  it('have their group created once on each broker, by a pull that commits nothing and waits for nothing', async () => {
    const { client, store } = await setup()
    for (const each of [queue(0), queue(1), queue(0, 'b')]) await store.read(each)
    expect(client.sent(PULL_MESSAGE).map(({ address }) => address)).toEqual(['a:10911', 'b:10911'])
    expect(client.sent(PULL_MESSAGE)[0]?.header).toMatchObject({ sysFlag: 4, commitOffset: 0, suspendTimeoutMillis: 0 })
  })

  it('cannot be told where brokers do not have the group and create none', async () => {
    const { client, store } = await setup()
    client.on(PULL_MESSAGE, () => {
      throw brokerError(RESPONSE_CODES.SUBSCRIPTION_GROUP_NOT_EXIST.code, 'no such group', { command: 'PULL_MESSAGE' })
    })
    await expect(store.read(queue(0))).rejects.toMatchObject({ responseCode: 'SUBSCRIPTION_GROUP_NOT_EXIST' })
    expect(client.sent(QUERY_CONSUMER_OFFSET)).toEqual([])
  })
})
