import type { ConsumeService } from '../../../../lib/consumer/push/consume-service'
import type { ProcessQueue } from '../../../../lib/consumer/push/process-queue'
import { RateGate } from '../../../../lib/consumer/push/rate-gate'
import type { ManualClock } from '../../../../lib/runtime/manual-clock'
import { concurrentSetup } from '../../../support/concurrent-setup'
import { keyQueue, keySetup } from '../../../support/key-setup'
import { orderlySetup } from '../../../support/orderly-setup'
import { queueOf } from '../../../support/process-queues'

interface Kind {
  readonly name: string
  readonly create: (options: {
    rate?: RateGate
    batchSize?: number
    concurrency?: number
    listener: (messages: readonly unknown[]) => void
  }) => { clock: ManualClock; service: ConsumeService }
  readonly queue: (messages: number, queueId: number) => ProcessQueue
}

const KINDS: Kind[] = [
  { name: 'concurrent', create: concurrentSetup, queue: (messages, queueId) => queueOf(queueId, messages) },
  {
    name: 'key-ordered',
    create: keySetup,
    queue: (messages, queueId) => keyQueue('-'.repeat(messages), { queueId }),
  },
  { name: 'orderly', create: orderlySetup, queue: (messages, queueId) => queueOf(queueId, messages) },
]

describe.each(KINDS)('a $name service under a rate limit', ({ create, queue }) => {
  /** The clock is that of the service, so the gate can be made only after it. */
  function setup(perSecond: number, burst: number, batchSize = 1) {
    const handed: number[] = []
    const rate = { isOpen: (wake: () => void) => gate.isOpen(wake), passed: (count: number) => gate.passed(count) }
    const listener = (messages: readonly unknown[]): void => void handed.push(messages.length)
    const { clock, service } = create({ rate: rate as RateGate, batchSize, concurrency: 8, listener })
    const gate = new RateGate(clock, { perSecond, burst })
    return { clock, service, gate, handed }
  }

  it('hands out its burst at once and then as many a second as it may', async () => {
    const { clock, service, handed } = setup(10, 3)
    for (const queueId of [0, 1]) service.submit(queue(20, queueId))
    await clock.advance(0)
    expect(handed).toHaveLength(3)
    await clock.advance(1000)
    expect(handed).toHaveLength(13)
    await clock.advance(5000)
    expect(handed).toHaveLength(40)
    await service.drain()
  })

  it('counts messages, not calls', async () => {
    const { clock, service, handed } = setup(10, 5, 4)
    service.submit(queue(20, 0))
    await clock.advance(0)
    const atOnce = handed.reduce((sum, each) => sum + each, 0)
    expect(atOnce).toBeLessThanOrEqual(8)
    await clock.advance(1000)
    expect(handed.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(18)
    await service.drain()
  })

  it('goes on at once when the limit is lifted', async () => {
    const { clock, service, gate, handed } = setup(0.001, 1)
    service.submit(queue(5, 0))
    await clock.advance(0)
    expect(handed).toHaveLength(1)
    gate.set(undefined)
    await clock.advance(0)
    expect(handed).toHaveLength(5)
    await service.drain()
  })

  it('has no calls under way while it waits, and drains at once', async () => {
    const { clock, service, gate } = setup(0.001, 1)
    service.submit(queue(5, 0))
    await clock.advance(0)
    expect(service.running).toBe(0)
    await service.drain()
    gate.close()
  })
})
