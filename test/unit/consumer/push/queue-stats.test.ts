import { queueStats } from '../../../../lib/consumer/push/queue-stats'
import { keyQueue } from '../../../support/key-setup'

const pulling = (maxOffset: number) =>
  ({
    start: () => undefined,
    stop: () => Promise.resolve(),
    maxOffset,
    lastPulledAt: 0,
    doing: '',
    idleMs: 30,
  }) as never

describe('what is told of a queue', () => {
  it('is what is in hand, what is at work, and how far behind it is', () => {
    const processQueue = keyQueue('aab', { from: 10 })
    processQueue.take(1, 0)
    expect(queueStats({ processQueue, pullLoop: pulling(20) })).toEqual({
      queue: { topic: 'Orders', brokerName: 'broker-a', queueId: 0 },
      cached: 3,
      cachedBytes: 9,
      inFlight: 1,
      commitOffset: 10,
      blockedBy: undefined,
      maxOffset: 20,
      lag: 10,
      idleMs: 30,
    })
  })

  it('names the message that holds it back', () => {
    const processQueue = keyQueue('ab', { from: 10 })
    for (const { message } of processQueue.heads(1)) message.reconsumeTimes++
    const { blockedBy } = queueStats({ processQueue, pullLoop: pulling(20) })
    expect(blockedBy).toEqual({ offset: 10, shardingKey: 'a', reconsumeTimes: 1 })
  })

  it('has no end before what was handled, though no pull has told it yet', () => {
    expect(queueStats({ processQueue: keyQueue('', { from: 10 }), pullLoop: pulling(0) })).toMatchObject({
      maxOffset: 10,
      lag: 0,
    })
  })
})
