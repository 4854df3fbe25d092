import { GET_CONSUMER_STATUS_FROM_CLIENT } from '../../../../lib/commands/callback'
import { type ConsumerRunningInfo, GET_CONSUMER_RUNNING_INFO } from '../../../../lib/commands/consumer-status'
import { AssignedQueue } from '../../../../lib/consumer/lite-pull/assigned-queue'
import { CacheRoom } from '../../../../lib/consumer/lite-pull/cache-room'
import { Interest } from '../../../../lib/consumer/lite-pull/interest'
import { resolveLitePullConsumerOptions } from '../../../../lib/consumer/lite-pull/lite-pull-consumer-options'
import { LiteQuestions } from '../../../../lib/consumer/lite-pull/lite-questions'
import { FakeClient } from '../../../support/fake-client'
import { storedMessage } from '../../../support/records'

const LIMITS = { maxMessages: 1000, maxBytes: 1e6, maxSpan: 1000 }
const ONE = { topic: 'T', brokerName: 'b', queueId: 1 }
const TWO = { topic: 'U', brokerName: 'b', queueId: 0 }

/** A queue with messages 5 and 6, of which the first was polled, and one without. */
function setup() {
  const client = Object.assign(new FakeClient(), { nameServers: { addresses: ['n:9876'] } })
  const room = { limits: LIMITS, roomOfAll: new CacheRoom(1000) }
  const [one, two] = [new AssignedQueue(ONE, 5, room), new AssignedQueue(TWO, 9, room)]
  for (const queueOffset of [5, 6]) one.put(one.course, [storedMessage({ queueOffset })], queueOffset + 1)
  one.take(client.clock.monotonic())
  const loop = { start: () => undefined, ended: async () => undefined, maxOffset: 50, lastPulledAt: undefined }
  const all = [
    { assigned: one, loop: { ...loop, doing: 'pulls', lastPulledAt: client.clock.monotonic() } },
    { assigned: two, loop: { ...loop, doing: 'is paused' } },
  ]
  const interest = new Interest(client.clock, 'g')
  const committed = new Map([['T', 4]])
  const questions = new LiteQuestions({
    client: client.asClient,
    options: resolveLitePullConsumerOptions({ consumerGroup: 'g', pullBatchSize: 7 }),
    interest,
    queues: { all },
    offsetStore: { current: ({ topic }) => committed.get(topic) },
  })
  const cleanups = questions.listen()
  const ask = (jstackEnable?: boolean): ConsumerRunningInfo => {
    const header = { consumerGroup: 'g', clientId: 'c', jstackEnable }
    return (client.callback(GET_CONSUMER_RUNNING_INFO, 'g', { header }) as { body: ConsumerRunningInfo }).body
  }
  return { client, interest, ask, cleanups }
}

describe('a lite pull consumer that is asked', () => {
  it('what it does, tells its options, what it wants, and where its queues are', async () => {
    const { client, interest, ask } = setup()
    interest.subscribe('T', 'a').apply()
    await client.clock.advance(1000)
    const info = ask()
    expect(Object.fromEntries(info.properties)).toMatchObject({
      PROP_NAMESERVER_ADDR: 'n:9876;',
      PROP_CONSUME_TYPE: 'CONSUME_ACTIVELY',
      PROP_CONSUMER_START_TIMESTAMP: '1700000000000',
      consumerGroup: 'g',
      pullBatchSize: '7',
      autoCommit: 'true',
      allocateStrategy: 'AVG',
    })
    expect(info.subscriptionSet).toMatchObject([{ topic: 'T', subString: 'a' }])
    const [first, second] = info.mqTable
    expect(first).toEqual([
      ONE,
      expect.objectContaining({
        commitOffset: 4,
        cachedMsgMinOffset: 6,
        cachedMsgMaxOffset: 6,
        cachedMsgCount: 1,
        droped: false,
        lastPullTimestamp: 1_700_000_000_000,
        lastConsumeTimestamp: 1_700_000_000_000,
      }),
    ])
    const nothing = { commitOffset: 9, cachedMsgMinOffset: 0, cachedMsgMaxOffset: 0, cachedMsgCount: 0 }
    expect(second).toEqual([
      TWO,
      expect.objectContaining({ ...nothing, lastPullTimestamp: 0, lastConsumeTimestamp: 0 }),
    ])
    expect(info.jstack).toBeUndefined()
  })

  it('for more, tells what its loops do, and what was chosen', () => {
    const { interest, ask } = setup()
    interest.choose([ONE], undefined)
    const info = ask(true)
    expect(info.subscriptionSet).toMatchObject([{ topic: 'T', subString: '*' }])
    expect(info.jstack?.split('\n')).toEqual([
      'T b 1: pulls; next pull at 7; 1 messages in hand, polled up to 6, consumed up to 5',
      'U b 0: is paused; next pull at 9; 0 messages in hand, polled up to 9, consumed up to 9',
      '',
    ])
  })

  it('how far it is, tells the queues of the topic', () => {
    const { client } = setup()
    const ask = (topic: string) =>
      client.callback(GET_CONSUMER_STATUS_FROM_CLIENT, 'g', { header: { topic, group: 'g' } })
    expect(ask('T')).toMatchObject({ body: { messageQueueTable: [[ONE, 4]] } })
    expect(ask('U')).toMatchObject({ body: { messageQueueTable: [[TWO, 9]] } })
  })

  it('after its end says nothing', () => {
    const { client, cleanups } = setup()
    for (const cleanup of cleanups) cleanup()
    expect(client.callbacks).toEqual([])
  })
})
