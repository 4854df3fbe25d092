import { PULL_MESSAGE } from '../../../../lib/commands/pull'
import { TopicRates } from '../../../../lib/consumer/push/consume-rates'
import { ProcessQueue, type ProcessQueueLimits } from '../../../../lib/consumer/push/process-queue'
import { PullLoop, type PullLoopOptions } from '../../../../lib/consumer/push/pull-loop'
import { resolvePushConsumerOptions } from '../../../../lib/consumer/push/push-consumer-options'
import { buildSubscriptionData } from '../../../../lib/model/subscription'
import { Gate } from '../../../../lib/runtime/gate'
import { FakeClient, deferred } from '../../../support/fake-client'
import { fill } from '../../../support/process-queues'
import { recordBytes } from '../../../support/records'

const QUEUE = { topic: 'Orders', brokerName: 'broker-a', queueId: 1 }
const LIMITS: ProcessQueueLimits = { maxMessages: 1000, maxBytes: 1e9, maxSpan: undefined }

/** A loop whose every pull is answered at once with the next message, of 10 bytes and with a gap of `gap` behind it. */
async function setup({
  limits = {},
  gap = 0,
  ...options
}: Partial<PullLoopOptions> & { limits?: object; gap?: number } = {}) {
  const client = new FakeClient()
  await client.knownTopic('Orders', { 'broker-a': 4 })
  client.on(PULL_MESSAGE, ({ header }) => {
    const queueOffset = header['queueOffset'] as number
    return {
      code: 'SUCCESS',
      header: { suggestWhichBrokerId: 0, nextBeginOffset: queueOffset + gap + 1, minOffset: 0, maxOffset: 999 },
      body: recordBytes({ queueOffset, body: Buffer.alloc(10) }),
    }
  })
  const processQueue = new ProcessQueue(QUEUE, 0, { ...LIMITS, ...limits })
  const gates = [new Gate(), new Gate()] as const
  const state = { subscription: buildSubscriptionData('Orders', '*', 1) as never, locked: true }
  const loop = new PullLoop({
    rates: new TopicRates(),
    client: client.asClient,
    options: resolvePushConsumerOptions({ consumerGroup: 'g' }),
    processQueue,
    retryTopic: '%RETRY%g',
    subscription: () => state.subscription,
    gates,
    locks: { isLocked: () => state.locked },
    offsetStore: { current: () => undefined, update: () => undefined },
    service: { submit: () => undefined },
    onStalled: () => undefined,
    onOffsetMoved: () => undefined,
    onBackgroundError: error => {
      throw error
    },
    ...options,
  })
  /** How many pulls there are after everything has come to rest. */
  const pulls = async (): Promise<number> => {
    await client.settle()
    return client.sent(PULL_MESSAGE).length
  }
  return { client, processQueue, gates, state, loop, pulls }
}

describe('a loop', () => {
  it.each<[string, object, number, number]>([
    ['messages', { maxMessages: 3 }, 0, 4],
    ['bytes', { maxBytes: 25 }, 0, 3],
    ['distance from the first to the last', { maxSpan: 20 }, 9, 4],
  ])('waits while there is no room in %s, and goes on when there is', async (_, limits, gap, expected) => {
    const { processQueue, loop, pulls } = await setup({ limits, gap })
    loop.start()
    expect(await pulls()).toBe(expected)
    processQueue.finish(processQueue.take(1, 0))
    expect(await pulls()).toBe(expected + 1)
    await loop.stop()
  })

  it('waits at each gate that is shut', async () => {
    const { gates, loop, pulls } = await setup({ limits: { maxMessages: 2 } })
    for (const gate of gates) gate.shut()
    loop.start()
    expect(await pulls()).toBe(0)
    gates[0].open()
    expect(await pulls()).toBe(0)
    gates[1].open()
    expect(await pulls()).toBe(3)
    await loop.stop()
  })

  it('pulls no more when a gate is shut while it waits at another, or for room', async () => {
    const { gates, processQueue, loop, pulls } = await setup({ limits: { maxMessages: 0 } })
    gates[1].shut()
    loop.start()
    await pulls()
    gates[0].shut()
    gates[1].open()
    expect(await pulls()).toBe(0)
    gates[0].open()
    expect(await pulls()).toBe(1)
    gates[0].shut()
    processQueue.finish(processQueue.take(1, 0))
    expect(await pulls()).toBe(1)
    await loop.stop()
  })

  it('looks every second whether its topic is wanted, and its lock held, again', async () => {
    const { client, state, loop, pulls } = await setup({ limits: { maxMessages: 0 } })
    const { subscription } = state
    state.subscription = undefined as never
    loop.start()
    expect(await pulls()).toBe(0)
    state.subscription = subscription
    state.locked = false
    await client.clock.advance(1000)
    expect(await pulls()).toBe(0)
    state.locked = true
    await client.clock.advance(999)
    expect(await pulls()).toBe(0)
    await client.clock.advance(1)
    expect(await pulls()).toBe(1)
    await loop.stop()
  })

  it('tells how long ago it went to pull, which is of no account while it is held up on purpose', async () => {
    const quiet = { onBackgroundError: () => undefined }
    const { client, processQueue, gates, state, loop, pulls } = await setup({ limits: { maxMessages: 1 }, ...quiet })
    await client.clock.advance(400)
    expect(loop.idleMs).toBe(400)
    client.on(PULL_MESSAGE, () => deferred().promise)
    loop.start()
    await pulls()
    expect(loop.idleMs).toBe(0)
    await client.clock.advance(29_000)
    expect(loop.idleMs).toBe(29_000)
    gates[0].shut()
    await client.clock.advance(600_000)
    expect([loop.doing, loop.idleMs]).toEqual(['is paused', 0])
    state.locked = false
    gates[0].open()
    await client.clock.advance(600_000)
    expect([loop.doing, loop.idleMs]).toEqual(['waits for its lock or subscription', 0])
    fill(processQueue, 2)
    state.locked = true
    await client.clock.advance(600_000)
    expect([loop.doing, loop.idleMs]).toEqual(['waits for listeners to make room', 0])
    processQueue.finish(processQueue.take(1, 0))
    await pulls()
    await client.clock.advance(10)
    expect([loop.doing, loop.idleMs]).toEqual(['pulls', 10])
    await loop.stop()
  })

  it('that finds no broker goes to pull all the same, again and again', async () => {
    const { client, loop, pulls } = await setup({ onBackgroundError: () => undefined })
    client.routes.forget('Orders')
    client.topicRoutes.delete('Orders')
    loop.start()
    await pulls()
    await client.clock.advance(300_000)
    expect(loop.idleMs).toBeLessThanOrEqual(3000)
    await loop.stop()
  })

  it('starts once', async () => {
    const { loop, pulls } = await setup({ limits: { maxMessages: 0 } })
    loop.start()
    loop.start()
    expect(await pulls()).toBe(1)
    await loop.stop()
  })
})

describe('a loop that is stopped', () => {
  it.each<[string, (test: Awaited<ReturnType<typeof setup>>) => void]>([
    ['before it began', () => undefined],
    ['while a gate is shut', ({ gates, loop }) => [gates[0].shut(), loop.start()]],
    ['while there is no room', ({ loop }) => loop.start()],
    ['while its lock is missing', ({ state, loop }) => [(state.locked = false), loop.start()]],
  ])('%s ends at once', async (_, begin) => {
    const test = await setup({ limits: { maxMessages: 0 } })
    begin(test)
    await test.pulls()
    await expect(test.loop.stop()).resolves.toBeUndefined()
    await expect(test.loop.stop()).resolves.toBeUndefined()
  })

  it('takes back the pull that the broker holds', async () => {
    const { client, processQueue, loop, pulls } = await setup()
    const held = deferred()
    client.on(PULL_MESSAGE, () => held.promise)
    loop.start()
    expect(await pulls()).toBe(1)
    await loop.stop()
    held.resolve()
    expect([await pulls(), processQueue.count]).toEqual([1, 0])
  })

  it('while it waits after a failure ends at once', async () => {
    const { client, loop, pulls } = await setup({ onBackgroundError: () => undefined })
    client.on(PULL_MESSAGE, () => Promise.reject(new Error('gone')))
    loop.start()
    await pulls()
    await loop.stop()
    await client.clock.advance(10_000)
    expect(await pulls()).toBe(1)
  })

  it('by the end of its queue ends as well', async () => {
    const { client, processQueue, loop, pulls } = await setup()
    client.on(PULL_MESSAGE, () => deferred().promise)
    loop.start()
    await pulls()
    processQueue.drop()
    await expect(loop.stop()).resolves.toBeUndefined()
    expect(await pulls()).toBe(1)
  })
})
