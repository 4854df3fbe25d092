import { concurrentSetup } from '../../../support/concurrent-setup'
import { keyQueue, keySetup } from '../../../support/key-setup'
import { SUSPEND, orderlySetup } from '../../../support/orderly-setup'
import { queueOf } from '../../../support/process-queues'

/** Per second, over a minute. */
const rate = (messages: number): number => messages / 60

describe('what services tell of their listener calls', () => {
  it('is how many messages went well and failed, and how long the calls took: concurrently', async () => {
    const { service, clock, calls, rates, settle } = concurrentSetup({ batchSize: 4, concurrency: 3 })
    service.submit(queueOf(0, 12))
    await clock.advance(30)
    calls[0]?.end()
    calls[1]?.end({ status: 'RECONSUME_LATER', firstFailed: 1 })
    calls[2]?.fail(new Error('a bug'))
    await settle()
    expect(rates.of('Orders').status(clock.monotonic())).toMatchObject({
      consumeRT: 30,
      consumeOKTPS: rate(5),
      consumeFailedTPS: rate(7),
      consumeFailedMsgs: 7,
    })
  })

  it('is the same of each queue in order', async () => {
    const { service, clock, rates, end, settle, calls } = orderlySetup({ batchSize: 2 })
    service.submit(queueOf(0, 4))
    await settle()
    await clock.advance(20)
    await end(SUSPEND)
    await clock.advance(1000)
    await clock.advance(40)
    await end()
    expect(calls).toHaveLength(3)
    expect(rates.of('Orders').status(clock.monotonic())).toMatchObject({
      consumeRT: 30,
      consumeOKTPS: rate(2),
      consumeFailedTPS: rate(2),
    })
  })

  it('is the same of each key in order', async () => {
    const { service, clock, rates, end, settle } = keySetup()
    service.submit(keyQueue('ab'))
    await settle()
    await clock.advance(10)
    await end('a0')
    await end('b1', 'SUSPEND_CURRENT_QUEUE_A_MOMENT')
    expect(rates.of('Orders').status(clock.monotonic())).toMatchObject({
      consumeRT: 10,
      consumeOKTPS: rate(1),
      consumeFailedTPS: rate(1),
    })
  })
})
