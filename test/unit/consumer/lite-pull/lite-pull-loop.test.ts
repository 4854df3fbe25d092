import { AssignedQueue } from '../../../../lib/consumer/lite-pull/assigned-queue'
import { CacheRoom } from '../../../../lib/consumer/lite-pull/cache-room'
import { resolveLitePullConsumerOptions } from '../../../../lib/consumer/lite-pull/lite-pull-consumer-options'
import { LitePullLoop, type LitePullLoopOptions } from '../../../../lib/consumer/lite-pull/lite-pull-loop'
import type { PulledMessages, QueuePull } from '../../../../lib/consumer/pull/queue-puller'
import { RocketMQError } from '../../../../lib/errors'
import type { SubscriptionData } from '../../../../lib/model/consumer-types'
import { buildSubscriptionData } from '../../../../lib/model/subscription'
import { FakeClient, deferred } from '../../../support/fake-client'
import { storedMessage } from '../../../support/records'

const queue = { topic: 'T', brokerName: 'b', queueId: 0 }

function answer(more: Partial<PulledMessages> & { offsets?: number[]; next: number }): PulledMessages {
  const { offsets = [], next, ...rest } = more
  return {
    status: offsets.length > 0 ? 'FOUND' : 'NO_NEW_MSG',
    nextBeginOffset: next,
    minOffset: 0,
    maxOffset: 90,
    restMs: 0,
    messages: offsets.map(queueOffset => storedMessage({ queueOffset })),
    problems: [],
    damage: undefined,
    isReset: false,
    ...rest,
  }
}

async function setup(more: Partial<LitePullLoopOptions> = {}) {
  const client = new FakeClient()
  const roomOfAll = new CacheRoom(5)
  const limits = { maxMessages: 2, maxBytes: 1e6, maxSpan: 1000 }
  const assigned = new AssignedQueue(queue, 10, { limits, roomOfAll })
  const pulls: (QueuePull & ReturnType<typeof deferred<PulledMessages>>)[] = []
  const state = { subscription: buildSubscriptionData('T', 'a', 1) as SubscriptionData | undefined }
  const [ready, resets, errors]: [number[], number[], RocketMQError[]] = [[], [], []]
  const loop = new LitePullLoop({
    client: client.asClient,
    options: resolveLitePullConsumerOptions({ consumerGroup: 'g' }),
    assigned,
    puller: {
      pull: pull => {
        const answered = deferred<PulledMessages>()
        pull.signal?.addEventListener('abort', () => answered.reject(new Error('aborted')))
        pulls.push({ ...pull, ...answered })
        return answered.promise
      },
    },
    subscription: () => state.subscription,
    isHeard: () => false,
    roomOfAll: roomOfAll.gate,
    onMessages: ({ count }) => ready.push(count),
    onReset: (_assigned, offset) => resets.push(offset),
    onBackgroundError: error => errors.push(error),
    ...more,
  })
  const reply = async (pulled: PulledMessages | Error): Promise<void> => {
    if (pulled instanceof Error) pulls.at(-1)?.reject(pulled)
    else pulls.at(-1)?.resolve(pulled)
    await client.settle()
  }
  const end = async (): Promise<void> => {
    assigned.drop()
    await loop.ended()
  }
  loop.start()
  await client.settle()
  return { client, assigned, roomOfAll, pulls, state, ready, resets, errors, loop, reply, end }
}

const offsets = (pulls: readonly QueuePull[]) => pulls.map(({ offset }) => offset)

describe('the pulls of a lite pull consumer', () => {
  it('ask for what comes next, with the subscription, and may be held', async () => {
    const { pulls, end } = await setup()
    expect(pulls[0]).toMatchObject({
      offset: 10,
      maxNums: 10,
      maxBytes: undefined,
      subscription: { subString: 'a' },
      sendsSubscription: true,
      commitOffset: 0,
      suspendMs: 20_000,
      timeoutMs: 30_000,
    })
    await end()
  })

  it('leave the subscription out where brokers have heard of it', async () => {
    const { pulls, end } = await setup({ isHeard: ({ subString }) => subString === 'a' })
    expect(pulls[0]).toMatchObject({ sendsSubscription: false })
    await end()
  })

  it('take in what comes, say so, and go on', async () => {
    const { assigned, pulls, ready, loop, reply, end } = await setup()
    await reply(answer({ offsets: [10, 11], next: 12 }))
    await reply(answer({ next: 20 }))
    expect([assigned.count, ready, offsets(pulls), loop.maxOffset]).toEqual([2, [2], [10, 12, 20], 90])
    await end()
  })

  it('wait while the queue is paused, has too much in hand, or all have', async () => {
    const { client, assigned, roomOfAll, pulls, reply, end } = await setup()
    assigned.pause.shut()
    await reply(answer({ offsets: [10, 11], next: 12 }))
    expect(pulls).toHaveLength(1)
    assigned.pause.open()
    await client.settle()
    await reply(answer({ offsets: [12], next: 13 }))
    expect(pulls).toHaveLength(2)
    roomOfAll.add(5)
    assigned.take(0)
    await client.settle()
    expect(pulls).toHaveLength(2)
    roomOfAll.add(-5)
    await client.settle()
    expect(offsets(pulls)).toEqual([10, 12, 13])
    await end()
  })

  it('rest after an answer that got nowhere', async () => {
    const { client, pulls, reply, end } = await setup()
    await reply(answer({ next: 10, restMs: 100 }))
    await client.clock.advance(99)
    expect(pulls).toHaveLength(1)
    await client.clock.advance(1)
    expect(pulls).toHaveLength(2)
    await end()
  })

  it('stand still while nothing is wanted, and are asked anew for what is wanted by now', async () => {
    const { client, assigned, state, pulls, reply, end } = await setup()
    state.subscription = buildSubscriptionData('T', 'b', 2)
    await reply(answer({ offsets: [10], next: 12 }))
    expect([assigned.count, offsets(pulls), pulls[1]?.subscription.subString]).toEqual([0, [10, 10], 'b'])
    state.subscription = undefined
    await reply(answer({ offsets: [10], next: 12 }))
    expect([assigned.count, pulls.length]).toEqual([0, 2])
    state.subscription = buildSubscriptionData('T', 'b', 3)
    await client.clock.advance(1000)
    expect(offsets(pulls)).toEqual([10, 10, 10])
    await end()
  })

  it('go on at once after a seek, whatever they were waiting for', async () => {
    const { client, assigned, pulls, errors, reply, end } = await setup()
    assigned.seek(3)
    await client.settle()
    await reply(new Error('no'))
    assigned.seek(4)
    await client.settle()
    expect(offsets(pulls)).toEqual([10, 3, 4])
    assigned.pause.shut()
    await reply(answer({ next: 5 }))
    assigned.seek(6)
    assigned.pause.open()
    await client.settle()
    expect(offsets(pulls)).toEqual([10, 3, 4, 6])
    expect(errors).toHaveLength(1)
    await end()
  })

  it('do not take what came for an offset before a seek', async () => {
    const { client, assigned, pulls, ready, end } = await setup()
    pulls[0]?.resolve(answer({ offsets: [10], next: 11 }))
    assigned.seek(50)
    await client.settle()
    expect([assigned.count, ready, offsets(pulls)]).toEqual([0, [], [10, 50]])
    await end()
  })

  it('go on where the broker says after an offset that is not there any more', async () => {
    const { assigned, pulls, resets, reply, end } = await setup()
    await reply(answer({ status: 'OFFSET_ILLEGAL', next: 70 }))
    await reply(answer({ status: 'OFFSET_ILLEGAL', next: 40 }))
    expect([offsets(pulls), assigned.polled, resets]).toEqual([[10, 70, 40], 40, []])
    await end()
  })

  it('tell of an offset that an administrator has set', async () => {
    const { assigned, pulls, resets, reply, end } = await setup({
      onReset: (reset, offset) => {
        resets.push(offset)
        reset.seek(offset)
      },
    })
    await reply(answer({ offsets: [10], next: 11 }))
    await reply(answer({ status: 'OFFSET_ILLEGAL', next: 0, isReset: true }))
    expect([resets, offsets(pulls), assigned.count]).toEqual([[0], [10, 11, 0], 0])
    await end()
  })

  it('are tried again after a failure, which is told', async () => {
    const { client, pulls, errors, reply, end } = await setup()
    await reply(new RocketMQError('CONNECT_FAILED', 'nobody there'))
    expect([pulls.length, errors.map(({ code }) => code)]).toEqual([1, ['CONNECT_FAILED']])
    await client.clock.advance(100)
    expect(offsets(pulls)).toEqual([10, 10])
    await end()
  })

  it('tell of what cannot be read, and pull damage again after a while', async () => {
    const { client, assigned, pulls, errors, reply, end } = await setup()
    const unreadable = new RocketMQError('MESSAGE_UNREADABLE', 'x')
    const damage = new RocketMQError('PROTOCOL_ERROR', 'y')
    await reply(answer({ offsets: [10], next: 11, problems: [unreadable], damage }))
    expect([assigned.count, errors, pulls.length]).toEqual([1, [unreadable, damage], 1])
    await client.clock.advance(100)
    expect(offsets(pulls)).toEqual([10, 11])
    await end()
  })

  it('end when the queue is dropped, and call the one under way off', async () => {
    const { client, assigned, pulls, errors, loop, end } = await setup()
    await end()
    expect([pulls[0]?.signal?.aborted, errors]).toEqual([true, []])
    loop.start()
    await client.clock.advance(60_000)
    expect([pulls.length, assigned.dropped]).toEqual([1, true])
  })
})

describe('a pull of a lite pull consumer that is never answered', () => {
  it('is told of, and pulled anew where it was; a late answer changes nothing, and what is in hand stays', async () => {
    const late = deferred<PulledMessages>()
    const asked: number[] = []
    const answers = [
      Promise.resolve(answer({ offsets: [10], next: 11 })),
      late.promise,
      deferred<PulledMessages>().promise,
    ]
    const pull = ({ offset }: QueuePull): Promise<PulledMessages> => {
      asked.push(offset)
      return answers.shift() ?? deferred<PulledMessages>().promise
    }
    const { client, assigned, errors, loop } = await setup({ puller: { pull } })
    expect(asked).toEqual([10, 11])
    // Two minutes, and the time of one pull; it is looked at every 20 s, twice.
    await client.clock.advance(179_999)
    expect([asked, errors]).toEqual([[10, 11], []])
    await client.clock.advance(1)
    expect(errors).toMatchObject([{ code: 'LOOP_STALLED', topic: 'T', message: expect.stringContaining('it pulls') }])
    expect(asked).toEqual([10, 11, 11])
    late.resolve(answer({ offsets: [11], next: 12 }))
    await client.settle()
    expect([assigned.count, asked]).toEqual([1, [10, 11, 11]])
    assigned.drop()
    void loop.ended()
  })

  it('is let be while it is held on purpose', async () => {
    const { client, assigned, errors, pulls, end } = await setup()
    assigned.pause.shut()
    pulls[0]?.resolve(answer({ next: 11 }))
    await client.clock.advance(1_000_000)
    expect([errors, pulls.length]).toEqual([[], 1])
    await end()
  })
})
