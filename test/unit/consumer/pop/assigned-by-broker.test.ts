import { QUERY_ASSIGNMENT } from '../../../../lib/commands/pop'
import { brokerError } from '../../../../lib/commands/response-code'
import { AssignedByBroker } from '../../../../lib/consumer/pop/assigned-by-broker'
import type { AssignmentChange, RebalancedQueues } from '../../../../lib/consumer/rebalance/rebalanced-queues'
import { Subscriptions } from '../../../../lib/consumer/rebalance/subscriptions'
import type { MessageQueue } from '../../../../lib/model/message-queue'
import { FakeClient } from '../../../support/fake-client'

const never = new AbortController().signal
const queue = (queueId: number): MessageQueue => ({ topic: 'Orders', brokerName: 'a', queueId })
const RETRIES = ['%RETRY%g_Orders', '%RETRY%g+Orders']

class Recorded implements RebalancedQueues {
  queues: MessageQueue[] = []

  constructor(
    readonly name: string,
    readonly calls: string[],
  ) {}

  async assign(topic: string, queues: readonly MessageQueue[]): Promise<AssignmentChange> {
    this.calls.push(`${this.name} ${topic} ${queues.map(({ queueId }) => queueId).join()}`)
    this.queues = [...queues]
    return { added: queues, removed: [], complete: true }
  }

  startPulling(queues: readonly MessageQueue[]): void {
    this.calls.push(`${this.name} starts ${queues.length}`)
  }
}

async function setup() {
  const client = new FakeClient()
  await client.knownTopic('Orders', { a: 4, b: 4 })
  const subscriptions = new Subscriptions(client.clock)
  subscriptions.add('Orders', '*')
  const calls: string[] = []
  const subscribed: string[] = []
  const [pulled, popped] = [new Recorded('pull', calls), new Recorded('pop', calls)]
  const byBroker = new AssignedByBroker({
    client: client.asClient,
    consumerGroup: 'g',
    strategyName: 'AVG',
    subscriptions,
    pulled,
    popped,
    onSubscribed: topics => void subscribed.push(...topics),
  })
  const answer = (assignments: readonly [number, 'PULL' | 'POP'][] | undefined): void => {
    const messageQueueAssignments = assignments?.map(([queueId, mode]) => ({ messageQueue: queue(queueId), mode }))
    client.on(QUERY_ASSIGNMENT, () => ({ code: 'SUCCESS', body: { messageQueueAssignments } }))
  }
  const round = async (): Promise<void> => {
    const share = await byBroker.share('Orders', never)
    if (share !== undefined) await byBroker.assign('Orders', share)
  }
  return { client, subscriptions, calls, subscribed, byBroker, answer, round }
}

describe('queues that the broker assigns', () => {
  it('are asked for with what the broker needs to share them', async () => {
    const { client, answer, byBroker } = await setup()
    answer([[-1, 'POP']])
    expect(await byBroker.share('Orders', never)).toEqual([queue(-1)])
    expect(client.sent(QUERY_ASSIGNMENT)[0]).toMatchObject({
      address: expect.stringMatching(/^[ab]:10911$/),
      body: {
        topic: 'Orders',
        consumerGroup: 'g',
        clientId: '10.0.0.1@1',
        strategyName: 'AVG',
        messageModel: 'CLUSTERING',
      },
    })
  })

  it('are popped or pulled as the broker says, and given up before they change over', async () => {
    const { answer, round, calls, byBroker } = await setup()
    answer([[-1, 'POP']])
    await round()
    answer([
      [0, 'PULL'],
      [1, 'PULL'],
    ])
    await round()
    expect(calls).toEqual(['pull Orders ', 'pop Orders -1', 'pop Orders ', 'pull Orders 0,1'])
    expect(byBroker.queues).toEqual([queue(0), queue(1)])
    byBroker.startPulling(byBroker.queues)
    expect(calls.slice(4)).toEqual(['pull starts 2', 'pop starts 2'])
  })

  it('bring the retry topics of POP with them when they are pulled, and only then', async () => {
    const { answer, round, subscriptions, subscribed, byBroker } = await setup()
    answer([[0, 'PULL']])
    await round()
    await round()
    expect([subscribed, subscriptions.topics]).toEqual([RETRIES, ['Orders', ...RETRIES]])
    answer([[-1, 'POP']])
    await round()
    expect(subscriptions.topics).toEqual(['Orders'])
    answer([[0, 'PULL']])
    await round()
    subscriptions.remove('Orders')
    await byBroker.assign('Orders', [])
    await byBroker.assign('%RETRY%g', [])
    expect(subscriptions.topics).toEqual([])
  })

  it('stay as they are where the broker does not say', async () => {
    const { answer, byBroker, client } = await setup()
    answer(undefined)
    expect(await byBroker.share('Orders', never)).toBeUndefined()
    client.routes.forget('Orders')
    expect(await byBroker.share('Orders', never)).toBeUndefined()
  })

  it('are asked for at another broker where one does not answer', async () => {
    const { client, byBroker } = await setup()
    let asked = 0
    client.on(QUERY_ASSIGNMENT, () => {
      if (asked++ === 0) throw brokerError(2, 'busy')
      return { code: 'SUCCESS', body: { messageQueueAssignments: [] } }
    })
    expect(await byBroker.share('Orders', never)).toEqual([])
    client.on(QUERY_ASSIGNMENT, () => {
      throw brokerError(3, 'no')
    })
    await expect(byBroker.share('Orders', never)).rejects.toMatchObject({ code: 'UNSUPPORTED_BY_BROKER' })
    const aborted = AbortSignal.abort(new Error('enough'))
    await expect(byBroker.share('Orders', aborted)).rejects.toThrow('enough')
  })
})
