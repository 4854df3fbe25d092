import { GET_MAX_OFFSET, QUERY_CONSUMER_OFFSET } from '../../../../lib/commands/offset'
import { poppedQueues } from '../../../../lib/consumer/lag/popped-queues'
import { FakeClient } from '../../../support/fake-client'

const place = (brokerName: string, queueId: number) => ({ topic: 'T', brokerName, queueId })

async function asked(places: readonly ReturnType<typeof place>[], committed: Readonly<Record<string, number>>) {
  const client = new FakeClient()
  await client.knownTopic('T', { a: 2, b: 1 })
  client.on(QUERY_CONSUMER_OFFSET, ({ address, header }) => {
    const offset = committed[`${address.split(':')[0]} ${String(header['queueId'])}`]
    return offset === undefined ? { code: 'QUERY_NOT_FOUND' } : { code: 'SUCCESS', header: { offset } }
  })
  client.on(GET_MAX_OFFSET, () => ({ code: 'SUCCESS', header: { offset: 70 } }))
  const queues = await poppedQueues(places, { client: client.asClient, consumerGroup: 'g', call: {} })
  return queues.map(({ queue, offset, storedAt }) => [`${queue.brokerName} ${queue.queueId}`, offset, storedAt])
}

describe('the queues behind places that are popped', () => {
  it('are all of the topic on that broker, with what the group has committed', async () =>
    expect(await asked([place('a', -1)], { 'a 0': 5, 'a 1': 0, 'b 0': 9 })).toEqual([
      ['a 0', 5, undefined],
      ['a 1', 0, undefined],
    ]))

  it('are those that are named, each once', async () =>
    expect(await asked([place('a', 1), place('b', 0), place('b', -1)], { 'a 1': 3, 'b 0': 4 })).toEqual([
      ['a 1', 3, undefined],
      ['b 0', 4, undefined],
    ]))

  it('have nothing to be behind with where the group has committed nothing', async () =>
    expect(await asked([place('b', -1)], {})).toEqual([['b 0', 70, undefined]]))
})
