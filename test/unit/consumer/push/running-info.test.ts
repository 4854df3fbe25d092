import { ConsumeRates } from '../../../../lib/consumer/push/consume-rates'
import type { Listener } from '../../../../lib/consumer/push/listener'
import { resolvePushConsumerOptions } from '../../../../lib/consumer/push/push-consumer-options'
import { type RunningInfoInput, runningInfo } from '../../../../lib/consumer/push/running-info'
import { Subscriptions } from '../../../../lib/consumer/rebalance/subscriptions'
import { Gate } from '../../../../lib/runtime/gate'
import { ManualClock } from '../../../../lib/runtime/manual-clock'
import { queueOf } from '../../../support/process-queues'

const START = 1_700_000_000_000
const SECRET = 'a secret that nobody is told'

/** What a consumer of one queue with five messages in hand would tell. */
async function told(ordered: 'none' | 'queue' | 'key', more: Partial<RunningInfoInput> = {}) {
  const clock = new ManualClock(START)
  const processQueue = queueOf(2, 5)
  const lastPulledAt = clock.monotonic()
  await clock.advance(1000)
  processQueue.take(2, clock.monotonic())
  await clock.advance(500)
  const subscriptions = new Subscriptions(clock)
  subscriptions.add('Orders', 'a || b')
  const rates = new ConsumeRates()
  rates.of('Orders').pulled(clock.monotonic(), 60, 4)
  const pullLoop = {
    start: () => undefined,
    stop: () => Promise.resolve(),
    maxOffset: 9,
    lastPulledAt,
    idleMs: 0,
    doing: 'waits for rain',
  }
  const options = { consumerGroup: 'billing', credentials: { accessKey: 'k', secretKey: SECRET } }
  const listener = { ordered, batchSize: 1, listener: () => undefined } as unknown as Listener
  return runningInfo({
    options: resolvePushConsumerOptions(options),
    listener,
    subscriptions,
    assignments: [{ processQueue, pullLoop, gate: new Gate() }],
    popped: [],
    locks: undefined,
    rates,
    clock,
    nameServers: ['10.0.0.1:9876', '10.0.0.2:9876'],
    startedAt: START,
    listenersRunning: 1,
    concurrency: { limit: 20, min: 20, max: 20, lastMove: undefined, callMs: 0, loopLagMs: 0 },
    jstack: false,
    ...more,
  })
}

describe('runningInfo', () => {
  it('has the properties that RocketMQ tools read, and no secrets', async () => {
    const { properties } = await told('none')
    expect(Object.fromEntries(properties)).toMatchObject({
      PROP_NAMESERVER_ADDR: '10.0.0.1:9876;10.0.0.2:9876;',
      PROP_CONSUME_TYPE: 'CONSUME_PASSIVELY',
      PROP_CONSUMEORDERLY: 'false',
      PROP_THREADPOOL_CORE_SIZE: '20',
      PROP_CONSUMER_START_TIMESTAMP: String(START),
      messageModel: 'CLUSTERING',
    })
    expect([...properties.values()].join()).not.toContain(SECRET)
  })

  it('tells of every queue what is in hand and when it was last pulled and consumed', async () => {
    const { mqTable } = await told('none')
    expect(mqTable).toEqual([
      [
        { topic: 'Orders', brokerName: 'broker-a', queueId: 2 },
        {
          commitOffset: 0,
          cachedMsgMinOffset: 0,
          cachedMsgMaxOffset: 4,
          cachedMsgCount: 5,
          cachedMsgSizeInMiB: 0,
          transactionMsgMinOffset: 0,
          transactionMsgMaxOffset: 0,
          transactionMsgCount: 0,
          locked: false,
          tryUnlockTimes: 0,
          lastLockTimestamp: 0,
          droped: false,
          lastPullTimestamp: START,
          lastConsumeTimestamp: START + 1000,
        },
      ],
    ])
  })

  it('tells of order by key that there is order, and no first and last of what runs side by side', async () => {
    const { mqTable, properties } = await told('key')
    expect(properties.get('PROP_CONSUMEORDERLY')).toBe('true')
    expect(mqTable[0]?.[1]).toMatchObject({ transactionMsgCount: 0, transactionMsgMaxOffset: 0 })
  })

  it('tells of orderly consumption which messages a listener has, and about the lock', async () => {
    const locks = { isLocked: () => true, heldForMs: () => 700 }
    const { mqTable, properties } = await told('queue', { locks })
    expect(mqTable[0]?.[1]).toMatchObject({
      transactionMsgMinOffset: 0,
      transactionMsgMaxOffset: 1,
      transactionMsgCount: 2,
      locked: true,
      lastLockTimestamp: START + 800,
    })
    expect(properties.get('PROP_CONSUMEORDERLY')).toBe('true')
  })

  it('has the subscriptions and the speed of each topic', async () => {
    const { subscriptionSet, statusTable } = await told('none')
    expect(subscriptionSet).toMatchObject([{ topic: 'Orders', subString: 'a || b' }])
    expect(statusTable.get('Orders')).toMatchObject({ pullRT: 4, pullTPS: 1 })
  })

  it('tells what each loop does where that is asked for', async () => {
    expect((await told('none')).jstack).toBeUndefined()
    const { jstack } = await told('none', { jstack: true })
    expect(jstack).toContain('listener calls: 1 of 20')
    expect(jstack).toContain(
      'Orders broker-a 2: waits for rain; next pull at 5; 5 messages in hand, 3 wait for a listener, 2 are with one, the first of them for 500 ms',
    )
  })

  it('tells what is popped', async () => {
    const queue = { topic: 'Orders', brokerName: 'broker-a', queueId: -1 }
    const { mqPopTable } = await told('none', { popped: [{ queue, cached: 7, inFlight: 2, idleMs: 100 }] })
    const info = { waitAckCount: 7, droped: false, lastPopTimestamp: START + 1400 }
    expect(mqPopTable).toEqual([[queue, info]])
  })
})
