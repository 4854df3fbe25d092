import { PopLoop } from '../../../../lib/consumer/pop/pop-loop'
import { PopProcessQueue } from '../../../../lib/consumer/pop/pop-process-queue'
import type { Popped } from '../../../../lib/consumer/pop/pop-requests'
import { RocketMQError } from '../../../../lib/errors'
import { Gate } from '../../../../lib/runtime/gate'
import type { StoredMessage } from '../../../../lib/wire/stored-message'
import { FakeClient, deferred } from '../../../support/fake-client'
import { PLACE, popped } from '../../../support/pop-setup'

const NOTHING: Popped = { messages: [], unwanted: [], damage: undefined }
const WISH = { order: false, maxNums: 32, invisibleMs: 60_000, fromFirst: false }

function setup({ order = false, threshold = 2, intervalMs = 0 } = {}) {
  const client = new FakeClient()
  const processQueue = new PopProcessQueue(PLACE.queue, threshold)
  const gate = new Gate()
  const site = {
    answers: [] as (Popped | Error | Promise<Popped>)[],
    isSubscribed: true,
    pops: 0,
    questions: [] as ReturnType<typeof deferred<boolean>>[],
  }
  const [unwanted, released]: StoredMessage[][] = [[], []]
  const errors: RocketMQError[] = []
  const loop = new PopLoop({
    client: client.asClient,
    requests: {
      pop: async () => {
        site.pops++
        const answer = await (site.answers.shift() ?? NOTHING)
        if (answer instanceof Error) throw answer
        return answer
      },
      hasMessages: () => {
        const question = deferred<boolean>()
        site.questions.push(question)
        return question.promise
      },
    },
    subscription: () => (site.isSubscribed ? PLACE.subscription : undefined),
    wish: { ...WISH, order },
    intervalMs,
    service: { submit: () => undefined },
    settlement: { unwanted: all => void unwanted?.push(...all), release: all => void released?.push(...all) },
    filter: messages => messages.filter(({ queueOffset }) => queueOffset !== 99),
    rates: () => ({ pulled: () => undefined }),
    onBackgroundError: error => void errors.push(error),
    processQueue,
    gates: [gate],
    onStalled: () => undefined,
  })
  const found = (...offsets: number[]): Popped => ({
    ...NOTHING,
    messages: offsets.map(queueOffset => popped({ queueOffset })),
  })
  return { client, loop, site, processQueue, gate, unwanted, released, errors, found }
}

describe('a loop that pops', () => {
  it('pops again and again while there is something, and then waits for more', async () => {
    const { client, loop, site, processQueue, found } = setup()
    site.answers.push(found(1), found(2))
    loop.start()
    await client.settle()
    expect([site.pops, processQueue.count, site.questions.length]).toEqual([3, 2, 1])
    site.answers.push(found(3))
    site.questions[0]?.resolve(true)
    await client.settle()
    expect(processQueue.count).toBe(3)
    await loop.stop()
  })

  it('pauses between pops as wanted', async () => {
    const { client, loop, site, found } = setup({ intervalMs: 500 })
    site.answers.push(found(1))
    loop.start()
    await client.clock.advance(499)
    expect(site.pops).toBe(1)
    await client.clock.advance(1)
    expect(site.pops).toBe(2)
    await loop.stop()
  })

  it('waits for room, for a subscription, and while it is paused', async () => {
    const { client, loop, site, processQueue, gate, found } = setup({ threshold: 1 })
    gate.shut()
    site.isSubscribed = false
    loop.start()
    await client.clock.advance(5000)
    expect([site.pops, loop.idleMs]).toEqual([0, 0])
    gate.open()
    await client.settle()
    site.isSubscribed = true
    site.answers.push(found(1, 2))
    await client.clock.advance(1000)
    expect([site.pops, processQueue.count]).toEqual([1, 2])
    processQueue.finish(processQueue.entries)
    await client.settle()
    expect(site.pops).toBe(2)
    await client.clock.advance(2000)
    expect(loop.idleMs).toBe(2000)
    await loop.stop()
  })

  it('has what nobody wants acknowledged, and tells of damage', async () => {
    const { client, loop, site, processQueue, unwanted, errors, found } = setup()
    const damage = new RocketMQError('PROTOCOL_ERROR', 'no')
    site.answers.push({ ...found(1, 99), unwanted: [popped({ queueOffset: 98 })], damage })
    loop.start()
    await client.settle()
    expect(unwanted?.map(({ queueOffset }) => queueOffset)).toEqual([98, 99])
    expect([errors, processQueue.count]).toEqual([[damage], 1])
    await loop.stop()
  })

  it('reports failures and tries again', async () => {
    const { client, loop, site, errors, found, processQueue } = setup()
    site.answers.push(new RocketMQError('CONNECT_FAILED', 'no'), found(1))
    loop.start()
    await client.clock.advance(100)
    expect([errors.length, processQueue.count]).toEqual([1, 1])
    await loop.stop()
  })

  it('does not ask without a pause where what there may be always goes to others', async () => {
    const { client, loop, site } = setup()
    loop.start()
    for (let i = 0; i < 200; i++) {
      site.questions.at(-1)?.resolve(true)
      await client.clock.advance(10)
    }
    expect(site.pops).toBeLessThan(30)
    await loop.stop()
  })

  it('pops at once when a queue in order is free again, which brokers do not tell', async () => {
    const { client, loop, site, processQueue, found } = setup({ order: true })
    site.answers.push(found(1))
    loop.start()
    await client.settle()
    expect(site.pops).toBe(2)
    processQueue.finish(processQueue.entries)
    await client.settle()
    expect(site.pops).toBe(3)
    await loop.stop()
  })

  it('gives to others what a pop brings that is under way when it ends', async () => {
    const { client, loop, site, released, found, processQueue } = setup()
    const answer = deferred<Popped>()
    site.answers.push(answer.promise)
    loop.start()
    await client.settle()
    const ended = loop.stop()
    answer.resolve(found(1))
    await ended
    expect([released?.length, processQueue.count]).toEqual([1, 0])
  })
})
