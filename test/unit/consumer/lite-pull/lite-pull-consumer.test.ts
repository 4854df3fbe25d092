import { CHECK_CLIENT_CONFIG, HEART_BEAT, UNREGISTER_CLIENT } from '../../../../lib/commands/client'
import {
  GET_MAX_OFFSET,
  GET_MIN_OFFSET,
  SEARCH_OFFSET_BY_TIMESTAMP,
  UPDATE_CONSUMER_OFFSET,
} from '../../../../lib/commands/offset'
import { LITE_PULL_MESSAGE } from '../../../../lib/commands/pull'
import { LitePullConsumer } from '../../../../lib/consumer/lite-pull/lite-pull-consumer'
import type { LitePullConsumerOptions } from '../../../../lib/consumer/lite-pull/lite-pull-consumer-options'
import type { RocketMQError } from '../../../../lib/errors'
import { recordBytes } from '../../../support/records'
import { ScriptedCluster } from '../../../support/scripted-cluster'

let cluster: ScriptedCluster
let consumer: LitePullConsumer

function create(options: Partial<LitePullConsumerOptions> = {}): LitePullConsumer {
  consumer = new LitePullConsumer({ ...cluster.options, consumerGroup: 'g', ...options })
  return consumer
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await cluster.clock.advance(0)
}

/** Answers the next pull of a queue with one message of that body. */
async function deliver(body: string): Promise<void> {
  const pull = await cluster.server.next(LITE_PULL_MESSAGE)
  const { topic, queueId, queueOffset } = pull.request.header
  const record = recordBytes({ topic, queueId, queueOffset, body: Buffer.from(body) })
  const header = { suggestWhichBrokerId: 0, nextBeginOffset: queueOffset + 1, minOffset: 0, maxOffset: 100 }
  pull.reply({ code: 'SUCCESS', header, body: record })
}

const queue = { topic: 'One', brokerName: 'a', queueId: 0 }
const told = () => cluster.heartbeats.at(-1)?.consumerDataSet[0]

beforeEach(async () => {
  cluster = await ScriptedCluster.start({ One: 1, Two: 2 })
  cluster.server.hold(LITE_PULL_MESSAGE)
  const { handlers } = cluster.server
  handlers.on(GET_MIN_OFFSET, () => ({ code: 'SUCCESS' as const, header: { offset: 3 } }))
  handlers.on(GET_MAX_OFFSET, () => ({ code: 'SUCCESS' as const, header: { offset: 50 } }))
  handlers.on(SEARCH_OFFSET_BY_TIMESTAMP, ({ header }) => ({
    code: 'SUCCESS' as const,
    header: { offset: header.timestamp + 1 },
  }))
})

afterEach(async () => {
  await cluster.outcome(consumer.shutdown(), 1000)
  await cluster.stop()
})

describe('a lite pull consumer that starts', () => {
  it('has told brokers what it shares, has its queues, and says so', async () => {
    const events: string[] = []
    create().subscribe('One', 'a || b').subscribe('Two')
    consumer.on('assigned', queues => events.push(`assigned ${queues.length}`))
    await consumer.start()
    expect(told()).toMatchObject({
      consumeType: 'CONSUME_ACTIVELY',
      subscriptionDataSet: [{ topic: 'One', subString: 'a || b' }, { topic: 'Two' }],
    })
    expect([events, consumer.assignment().length, consumer.isRunning]).toEqual([['assigned 3'], 3, true])
    expect(consumer.clientId).toBe(cluster.heartbeats[0]?.clientID)
    expect(consumer.stats()).toMatchObject({ state: 'running', queues: [{}, {}, {}], cached: 0, lag: 0 })
  })

  it('takes the queues that were chosen before', async () => {
    create()
    await consumer.assign([{ ...queue, topic: 'Two' }])
    await consumer.start()
    expect(consumer.assignment()).toEqual([{ ...queue, topic: 'Two' }])
    expect(told()).toMatchObject({ subscriptionDataSet: [] })
  })

  it('may want nothing yet', async () => {
    await create().start()
    expect(await consumer.poll({ timeoutMs: 0 })).toEqual([])
  })

  it('in vain leaves nothing behind', async () => {
    cluster.server.hold(HEART_BEAT)
    create().subscribe('One')
    const started = await cluster.outcome(consumer.start({ timeoutMs: 1000 }), 500)
    expect(started).toMatchObject({ status: 'rejected', reason: { code: 'START_TIMEOUT' } })
    expect([consumer.isRunning, consumer.assignment()]).toEqual([false, []])
    expect(cluster.server.count(LITE_PULL_MESSAGE)).toBe(0)
  })

  it('with chosen queues that it cannot have fails', async () => {
    create()
    await consumer.assign([{ ...queue, brokerName: 'elsewhere' }])
    await expect(consumer.start()).rejects.toMatchObject({ code: 'BROKER_NOT_FOUND' })
  })
})

describe('a lite pull consumer that runs', () => {
  it('takes and leaves topics', async () => {
    const revoked: number[] = []
    await create().subscribe('One').start()
    consumer.on('revoked', queues => revoked.push(queues.length))
    consumer.subscribe('Two')
    await cluster.clock.advance(1000)
    await until(() => consumer.assignment().length === 3)
    consumer.unsubscribe('Two')
    await cluster.clock.advance(1000)
    await until(() => consumer.assignment().length === 1)
    expect(revoked).toEqual([2])
    expect(told()).toMatchObject({ subscriptionDataSet: [{ topic: 'One' }] })
  })

  it('asks brokers before it changes to a condition', async () => {
    const errors: RocketMQError[] = []
    await create().subscribe('One').start()
    consumer.on('backgroundError', error => errors.push(error))
    cluster.server.hold(CHECK_CLIENT_CONFIG)
    consumer.subscribe('One', { sql92: 'a >' })
    ;(await cluster.server.next(CHECK_CLIENT_CONFIG)).refuse('SUBSCRIPTION_PARSE_FAILED')
    await until(() => errors.length > 0)
    expect(errors).toMatchObject([{ code: 'INVALID_EXPRESSION', topic: 'One' }])
  })

  it('changes its choice of queues', async () => {
    create()
    await consumer.start()
    const outcome = await cluster.outcome(consumer.assign([queue, { ...queue, topic: 'Two', queueId: 1 }]))
    expect([outcome.status, consumer.assignment().length]).toEqual(['fulfilled', 2])
    await cluster.outcome(consumer.assign([]))
    expect(consumer.assignment()).toEqual([])
    expect(() => consumer.subscribe('One')).toThrow(expect.objectContaining({ code: 'INVALID_STATE' }))
  })

  it('takes a choice that was made while it started', async () => {
    create()
    const [started, assigned] = [consumer.start(), consumer.assign([queue])]
    await cluster.outcome(Promise.all([started, assigned]))
    expect(consumer.assignment()).toEqual([queue])
  })
})

describe('polls and iterations', () => {
  it('return batches as they come', async () => {
    await create().subscribe('One').start()
    const polled = consumer.poll({ timeoutMs: 60_000 })
    await deliver('first')
    expect((await polled).map(message => message.text())).toEqual(['first'])
    const seen: string[] = []
    const reading = (async () => {
      for await (const batch of consumer) seen.push(...batch.map(message => message.text()))
    })()
    await deliver('second')
    await deliver('third')
    await until(() => seen.length === 2)
    await cluster.outcome(consumer.shutdown())
    await reading
    expect(seen).toEqual(['second', 'third'])
  })

  it('wait for as long as the option says, or the call', async () => {
    await create({ pollTimeoutMs: 300 }).subscribe('One').start()
    const polls = [consumer.poll(), consumer.poll({ timeoutMs: 500 })]
    let ended = 0
    for (const poll of polls) void poll.then(() => ended++)
    await cluster.clock.advance(300)
    expect(ended).toBe(1)
    await cluster.clock.advance(200)
    expect(await Promise.all(polls)).toEqual([[], []])
    await expect(consumer.poll({ timeoutMs: -1 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })
})

describe('positions and offsets', () => {
  it('are sought within the queue, to its ends and by time', async () => {
    await create().subscribe('One').start()
    const goesOnAt = async (): Promise<number> => {
      let offset = -1
      while (cluster.server.count(LITE_PULL_MESSAGE) > pulls) {
        offset = (await cluster.server.next(LITE_PULL_MESSAGE)).request.header.queueOffset
        pulls++
      }
      return offset
    }
    let pulls = 0
    const positions: number[] = []
    for (const seek of [
      () => consumer.seek(queue, 50),
      () => consumer.seek(queue, 3n),
      () => consumer.seekToBegin(queue),
      () => consumer.seekToEnd(queue),
      () => consumer.seekToTimestamp(queue, new Date(40)),
    ]) {
      await cluster.outcome(seek())
      await cluster.clock.advance(0)
      positions.push(await goesOnAt())
    }
    expect(positions).toEqual([50, 3, 3, 50, 41])
    expect(await consumer.offsetForTimestamp(queue, 7)).toBe(8)
    for (const offset of [2, 51]) {
      const outside = { code: 'INVALID_ARGUMENT', message: expect.stringContaining('reaches from 3 to 50') }
      await expect(consumer.seek(queue, offset)).rejects.toMatchObject(outside)
    }
  })

  it('of queues that it does not have are refused before brokers are asked', async () => {
    await create().subscribe('One').start()
    const foreign = { ...queue, queueId: 5 }
    const refused = { code: 'INVALID_ARGUMENT' }
    await expect(consumer.seek(foreign, 5)).rejects.toMatchObject(refused)
    await expect(consumer.seekToEnd(foreign)).rejects.toMatchObject(refused)
    await expect(consumer.seek({} as never, 5)).rejects.toMatchObject(refused)
    await expect(consumer.commit({} as never)).rejects.toMatchObject(refused)
    await expect(consumer.seekToTimestamp(queue, -1)).rejects.toMatchObject(refused)
    expect(cluster.server.count(GET_MAX_OFFSET)).toBe(0)
    expect(() => consumer.pause([foreign])).toThrow(expect.objectContaining(refused))
    expect(() => consumer.resume(queue as never)).toThrow(expect.objectContaining(refused))
  })

  it('are committed of all queues, of some, or as the user says', async () => {
    await create({ autoCommit: false }).subscribe('One').start()
    const polled = consumer.poll({ timeoutMs: 60_000 })
    await deliver('x')
    await polled
    await consumer.commit()
    await consumer.commit(new Map([[queue, '4']]))
    await consumer.commit([queue], { persist: false })
    expect([cluster.commits, await consumer.committed(queue)]).toEqual([['0:6', '0:4'], 6])
    cluster.server.hold(UPDATE_CONSUMER_OFFSET)
    const late = cluster.outcome(consumer.commit([queue], { timeoutMs: 100 }), 50)
    expect(await late).toMatchObject({
      reason: { code: 'REQUEST_TIMEOUT', message: expect.stringContaining('commit of consumer g') },
    })
  })
})

describe('a watched topic', () => {
  it('is told of by an event', async () => {
    await create({ pollNameServerIntervalMs: 700 }).start()
    expect(await consumer.watchMessageQueues('Two')).toHaveLength(2)
    const changes: string[] = []
    consumer.on('messageQueuesChanged', (topic, queues) => changes.push(`${topic} ${queues.length}`))
    cluster.topics.set('Two', 3)
    await cluster.clock.advance(700)
    await until(() => changes.length > 0)
    expect(changes).toEqual(['Two 3'])
    consumer.unwatchMessageQueues('Two')
    expect(await consumer.fetchMessageQueues('Two')).toHaveLength(3)
  })
})

describe('the shutdown of a lite pull consumer', () => {
  it('commits what is consumed, unregisters, and happens once', async () => {
    await create().subscribe('One').start()
    const first = consumer.poll({ timeoutMs: 60_000 })
    await deliver('x')
    await first
    const waiting = consumer.poll({ timeoutMs: 60_000 })
    await expect(consumer.shutdown({ timeoutMs: 0 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    const ended = consumer.shutdown()
    expect(consumer[Symbol.asyncDispose]()).toBe(ended)
    await cluster.outcome(ended)
    expect([await waiting, cluster.commits, cluster.server.count(UNREGISTER_CLIENT)]).toEqual([[], ['0:6'], 1])
    expect(consumer.stats().state).toBe('stopped')
  })

  it('tells where offsets were not written down in its time', async () => {
    await create().subscribe('One').start()
    cluster.server.hold(UPDATE_CONSUMER_OFFSET)
    const outcome = await cluster.outcome(consumer.shutdown({ timeoutMs: 100 }), 50)
    expect(outcome).toMatchObject({ reason: { code: 'SHUTDOWN_INCOMPLETE', group: 'g' } })
  })
})
