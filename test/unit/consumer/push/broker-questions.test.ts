import { GET_CONSUMER_STATUS_FROM_CLIENT } from '../../../../lib/commands/callback'
import { CONSUME_MESSAGE_DIRECTLY, GET_CONSUMER_RUNNING_INFO } from '../../../../lib/commands/consumer-status'
import { BrokerQuestions } from '../../../../lib/consumer/push/broker-questions'
import { ConsumeRates } from '../../../../lib/consumer/push/consume-rates'
import type { Listener } from '../../../../lib/consumer/push/listener'
import { resolvePushConsumerOptions } from '../../../../lib/consumer/push/push-consumer-options'
import { Subscriptions } from '../../../../lib/consumer/rebalance/subscriptions'
import type { MessageQueue } from '../../../../lib/model/message-queue'
import { Gate } from '../../../../lib/runtime/gate'
import { FakeClient, deferred } from '../../../support/fake-client'
import { queueOf } from '../../../support/process-queues'
import { recordBytes } from '../../../support/records'

const STATUS = { header: { topic: 'Orders', group: 'billing' } }
const INFO = { header: { consumerGroup: 'billing', clientId: 'c@1' } }
const DIRECTLY = { header: { consumerGroup: 'billing', brokerName: 'broker-a' }, body: recordBytes() }

/** Questions to a consumer that has two queues, and has noted an offset of the first. */
function asked(listener: unknown = () => undefined) {
  const client = Object.assign(new FakeClient(), { nameServers: { addresses: ['10.0.0.1:9876'] } })
  const noted = new Map([[0, 42]])
  const pullLoop = {
    start: () => undefined,
    stop: () => Promise.resolve(),
    maxOffset: 0,
    lastPulledAt: 0,
    idleMs: 0,
    doing: '',
  }
  const all = [queueOf(0, 1), queueOf(1, 1)].map(processQueue => ({ processQueue, pullLoop, gate: new Gate() }))
  const questions = new BrokerQuestions({
    client: client.asClient,
    options: resolvePushConsumerOptions({ consumerGroup: 'billing' }),
    listener: { ordered: 'none', listener } as Listener,
    subscriptions: new Subscriptions(client.clock),
    assignments: { all },
    pop: undefined,
    service: { running: 3 },
    offsetStore: { current: ({ queueId }: MessageQueue) => noted.get(queueId) },
    locks: undefined,
    rates: new ConsumeRates(),
    pace: { concurrency: { stats: { limit: 20, min: 20, max: 20, lastMove: undefined, callMs: 0, loopLagMs: 0 } } },
  })
  return { client, questions }
}

describe('BrokerQuestions', () => {
  it('tells the noted offset of each queue of the topic, else the first one that is not handled', () => {
    const { client, questions } = asked()
    questions.listen()
    const queue = (queueId: number): MessageQueue => ({ topic: 'Orders', brokerName: 'broker-a', queueId })
    expect(client.callback(GET_CONSUMER_STATUS_FROM_CLIENT, 'billing', STATUS)).toEqual({
      code: 'SUCCESS',
      body: {
        messageQueueTable: [
          [queue(0), 42],
          [queue(1), 0],
        ],
      },
    })
    const other = { header: { ...STATUS.header, topic: 'Other' } }
    expect(client.callback(GET_CONSUMER_STATUS_FROM_CLIENT, 'billing', other)).toMatchObject({
      body: { messageQueueTable: [] },
    })
  })

  it('gives an account of the consumer', () => {
    const { client, questions } = asked()
    questions.listen()
    const told = client.callback(GET_CONSUMER_RUNNING_INFO, 'billing', INFO) as {
      body: { properties: Map<string, string> }
    }
    expect(told.body.properties.get('PROP_NAMESERVER_ADDR')).toBe('10.0.0.1:9876;')
    expect(told).toMatchObject({ code: 'SUCCESS', body: { mqTable: { length: 2 } } })
    expect(told.body).not.toHaveProperty('jstack')
  })

  it('ends when its listener calls have ended, and answers no more', async () => {
    const going = deferred()
    const { client, questions } = asked(() => going.promise)
    questions.listen()
    const answer = client.callback(CONSUME_MESSAGE_DIRECTLY, 'billing', DIRECTLY)
    let isStopped = false
    const stopped = questions.stop().then(() => (isStopped = true))
    expect(client.callbacks).toEqual([])
    await client.settle()
    expect(isStopped).toBe(false)
    going.resolve()
    await stopped
    expect(await answer).toMatchObject({ code: 'SUCCESS', body: { consumeResult: 'CR_SUCCESS' } })
  })

  it('aborts the signal of what still runs', async () => {
    const signals: AbortSignal[] = []
    const { client, questions } = asked((_messages: unknown, { signal }: { signal: AbortSignal }) => {
      signals.push(signal)
    })
    questions.listen()
    await client.callback(CONSUME_MESSAGE_DIRECTLY, 'billing', DIRECTLY)
    expect(signals.map(({ aborted }) => aborted)).toEqual([false])
    questions.abort()
    expect(signals.map(({ aborted }) => aborted)).toEqual([true])
  })
})
