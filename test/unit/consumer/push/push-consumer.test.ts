import { HEART_BEAT, UNREGISTER_CLIENT } from '../../../../lib/commands/client'
import { PushConsumer } from '../../../../lib/consumer/push/push-consumer'
import type { PushConsumerOptions } from '../../../../lib/consumer/push/push-consumer-options'
import type { RocketMQError } from '../../../../lib/errors'
import type { MessageExt } from '../../../../lib/model/message'
import { deferred } from '../../../support/fake-client'
import { ScriptedCluster } from '../../../support/scripted-cluster'

let cluster: ScriptedCluster
let consumer: PushConsumer

function create(options: Partial<PushConsumerOptions> = {}): PushConsumer {
  consumer = new PushConsumer({ ...cluster.options, consumerGroup: 'g', ...options })
  return consumer
}

/** A consumer of one queue whose listener keeps what it gets. */
async function started(options: Partial<PushConsumerOptions> = {}): Promise<MessageExt[]> {
  const received: MessageExt[] = []
  create(options)
    .subscribe('One')
    .consumeEach(message => void received.push(message))
  await consumer.start()
  return received
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await cluster.clock.advance(0)
}

async function fails(promise: Promise<unknown>, stepMs = 0): Promise<RocketMQError> {
  const outcome = await cluster.outcome(promise, stepMs)
  if (outcome.status === 'fulfilled') throw new Error('it was to fail')
  return outcome.reason as RocketMQError
}

const topicsTold = (): string[] | undefined =>
  cluster.heartbeats.at(-1)?.consumerDataSet[0]?.subscriptionDataSet.map(({ topic }) => topic)

beforeEach(async () => {
  cluster = await ScriptedCluster.start({ One: 1, Two: 2, '%RETRY%g': 1 })
})

afterEach(async () => {
  await cluster.outcome(consumer.shutdown(), 1000)
  await cluster.stop()
})

const state = expect.objectContaining({ code: 'INVALID_STATE' })
const argument = expect.objectContaining({ code: 'INVALID_ARGUMENT' })

describe('what a consumer is told before it starts', () => {
  it('must have a listener and a subscription, which may still be given after a start in vain', async () => {
    create()
    await expect(consumer.start()).rejects.toMatchObject({
      code: 'INVALID_STATE',
      message: expect.stringContaining('call consume()'),
    })
    consumer.consume(() => undefined)
    await expect(consumer.start()).rejects.toMatchObject({ message: expect.stringContaining('call subscribe()') })
    consumer.subscribe('One')
    await expect(consumer.start()).resolves.toBeUndefined()
    expect(consumer.stats().state).toBe('running')
  })

  it.each<[string, () => unknown]>([
    ['no listener', () => consumer.consume(undefined as never)],
    ['no listener after options', () => consumer.consume({ batchSize: 2 }, undefined as never)],
    ['options that are none', () => consumer.consume(null as never, () => undefined)],
    ['a wrong batch size', () => consumer.consume({ batchSize: 0 }, () => undefined)],
    ['an order that is none', () => consumer.consume({ ordered: 'keys' } as never, () => undefined)],
    ['no listener for each', () => consumer.consumeEach('x' as never)],
    ['options for each that are none', () => consumer.consumeEach(5 as never, () => undefined)],
    ['a wrong concurrency for each', () => consumer.consumeEach({ concurrency: -1 }, () => undefined)],
  ])('is checked: %s', (_, call) => {
    create()
    expect(call).toThrow(argument)
    expect(() => consumer.consume(() => undefined)).not.toThrow()
  })

  it('takes one listener, before it starts', async () => {
    create()
      .subscribe('One')
      .consume(() => undefined)
    expect(() => consumer.consume(() => undefined)).toThrow(state)
    expect(() => consumer.consumeEach(() => undefined)).toThrow(state)
    await consumer.start()
    expect(() => consumer.consume(() => undefined)).toThrow(state)
  })

  it('is subscribed no more once it is shut down', async () => {
    await started()
    await cluster.outcome(consumer.shutdown(), 1000)
    expect(() => consumer.subscribe('Two')).toThrow(state)
    expect(() => consumer.unsubscribe('One')).toThrow(state)
  })

  it('checks what it is to subscribe to', () => {
    create()
    expect(() => consumer.subscribe(undefined as never)).toThrow(expect.objectContaining({ code: 'INVALID_TOPIC' }))
    expect(() => consumer.subscribe('One', 5 as never)).toThrow(expect.objectContaining({ code: 'INVALID_EXPRESSION' }))
  })

  it('refuses what needs it to run, and names the cure', () => {
    create()
      .subscribe('One')
      .consume(() => undefined)
    for (const call of [
      () => consumer.suspend(),
      () => consumer.resume(),
      () => consumer.pause([]),
      () => consumer.updateConcurrency(5),
    ])
      expect(call).toThrow(
        expect.objectContaining({ code: 'INVALID_STATE', message: expect.stringContaining('start()') }),
      )
    expect([consumer.clientId, consumer.stats().state, consumer.stats().queues]).toEqual([undefined, 'created', []])
  })
})

describe('a consumer that starts', () => {
  it('has told brokers of its topics, its own retry topic included, and has its queues', async () => {
    create()
      .subscribe('One', 'a || b')
      .consume(() => undefined)
    const assigned: string[] = []
    consumer.on('assigned', queues => assigned.push(...queues.map(({ topic, queueId }) => `${topic}/${queueId}`)))
    await Promise.all([consumer.start(), consumer.start()])
    expect(topicsTold()).toEqual(['One', '%RETRY%g'])
    expect(cluster.heartbeats[0]?.consumerDataSet[0]).toMatchObject({
      groupName: 'g',
      consumeType: 'CONSUME_PASSIVELY',
    })
    expect(assigned.sort()).toEqual(['%RETRY%g/0', 'One/0'])
    expect(consumer.clientId).toBe(cluster.heartbeats[0]?.clientID)
  })

  it('takes no retry topic when broadcasting, and has an id that stays the same', async () => {
    await started({ messageModel: 'BROADCASTING', localOffsetStoreDir: '/nonexistent' })
    expect(topicsTold()).toEqual(['One'])
    expect(consumer.clientId).toMatch(/@DEFAULT$/)
    consumer.unsubscribe('One')
    await until(() => consumer.stats().queues.length === 0)
  })

  it('hears of topics that are subscribed to meanwhile', async () => {
    create()
      .subscribe('One')
      .consume(() => undefined)
    const starting = consumer.start()
    await until(() => cluster.heartbeats.length > 0)
    consumer.subscribe('Two')
    await starting
    await cluster.clock.advance(1000)
    await until(() => consumer.stats().queues.length === 4)
    expect(topicsTold()).toContain('Two')
  })

  it('takes everything back when that fails, and can still be shut down', async () => {
    create()
      .subscribe('One')
      .consume(() => undefined)
    cluster.server.hold(HEART_BEAT)
    expect(await fails(consumer.start({ timeoutMs: 1000 }), 250)).toMatchObject({ code: 'START_TIMEOUT' })
    expect(consumer.stats().state).toBe('failed')
    await cluster.clock.advance(60_000)
    expect(cluster.server.channels).toEqual([])
    await expect(consumer.shutdown()).resolves.toBeUndefined()
  })

  it('fails where its offsets cannot be loaded', async () => {
    const load = (): Promise<void> => Promise.reject(new Error('a broken disk'))
    const none = async (): Promise<undefined> => undefined
    const rest = { read: none, current: () => undefined, update: none, freeze: none, persist: none, remove: none }
    create({ offsetStore: { load, ...rest } })
    consumer.subscribe('One').consume(() => undefined)
    expect((await fails(consumer.start())).message).toBe('load() of the offsetStore failed: a broken disk')
  })
})

describe('a consumer that runs', () => {
  it('hands out single messages, with their queue, and commits what was handled', async () => {
    const contexts: unknown[] = []
    const texts: string[] = []
    create()
      .subscribe('One')
      .consumeEach((message, { consumerGroup, messageQueue }) => {
        texts.push(message.text())
        contexts.push([consumerGroup, messageQueue.topic])
      })
    await consumer.start()
    await cluster.deliver('One', 'a', 'b')
    await until(() => texts.length === 2)
    expect(texts).toEqual(['a', 'b'])
    expect(contexts[0]).toEqual(['g', 'One'])
    await cluster.clock.advance(5000)
    expect(cluster.commits).toContain('0:7')
  })

  it('hands out batches, in order where that is wanted', async () => {
    const batches: string[] = []
    create()
      .subscribe('One')
      .consume(
        { ordered: 'none', batchSize: 10 },
        messages => void batches.push(messages.map(each => each.text()).join()),
      )
    await consumer.start()
    await cluster.deliver('One', 'a', 'b', 'c')
    await until(() => batches.length === 1)
    expect(batches).toEqual(['a,b,c'])
  })

  it('emits what its listener throws, and lives on', async () => {
    const failures: string[] = []
    create()
      .subscribe('One')
      .consumeEach(message => {
        if (message.text() === 'bad') throw new Error('a defect')
      })
    consumer.on('listenerError', (error, messages) => failures.push(`${error.message}: ${messages[0]?.text()}`))
    consumer.on('listenerError', () => {
      throw new Error('and a defect of the event’s listener')
    })
    await consumer.start()
    await cluster.deliver('One', 'bad', 'good')
    await until(() => failures.length === 1)
    expect(failures).toEqual(['a defect: bad'])
  })

  it('tells what it is doing', async () => {
    const { promise, resolve } = deferred()
    create()
      .subscribe('One')
      .consume(() => promise)
    await consumer.start()
    await cluster.deliver('One', 'a', 'bcd')
    await until(() => consumer.stats().listenersRunning === 2)
    const [stats] = consumer.stats().queues.filter(({ queue }) => queue.topic === 'One')
    expect(stats).toEqual({
      queue: { topic: 'One', brokerName: 'a', queueId: 0 },
      cached: 2,
      cachedBytes: 4,
      inFlight: 2,
      commitOffset: 5,
      maxOffset: 15,
      lag: 10,
      idleMs: 0,
    })
    expect(consumer.stats()).toMatchObject({ state: 'running', cached: 2, inFlight: 2, lag: 10 })
    resolve()
  })

  it('takes and gives back queues as topics are subscribed to and unsubscribed from', async () => {
    await started()
    const revoked: string[] = []
    consumer.on('revoked', queues => revoked.push(...queues.map(({ topic }) => topic)))
    consumer.subscribe('Two')
    await cluster.clock.advance(1000)
    await until(() => consumer.stats().queues.length === 4)
    expect(topicsTold()).toEqual(['One', '%RETRY%g', 'Two'])
    consumer.unsubscribe('Two')
    await cluster.clock.advance(1000)
    await until(() => consumer.stats().queues.length === 2)
    expect(topicsTold()).toEqual(['One', '%RETRY%g'])
    expect(revoked).toEqual(['Two', 'Two'])
  })

  it('can be suspended, paused by queue, and told how many calls to make', async () => {
    await started()
    const [queue] = consumer.stats().queues.map(each => each.queue)
    expect(() => {
      consumer.suspend()
      consumer.resume()
      consumer.pause([queue as never])
      consumer.resume([queue as never])
      consumer.updateConcurrency(5)
    }).not.toThrow()
    expect(() => consumer.updateConcurrency(0)).toThrow(argument)
    expect(() => consumer.pause([{ topic: 'One', brokerName: 'z', queueId: 0 }])).toThrow(argument)
    expect(() => consumer.pause(undefined as never)).toThrow(argument)
    expect(() => consumer.resume('One' as never)).toThrow(argument)
  })
})

describe('a consumer whose queues brokers are to assign', () => {
  it('is refused by brokers before 5.0, which do not hear of it', async () => {
    await cluster.stop()
    cluster = await ScriptedCluster.start({ One: 1 }, 412)
    create({ clientRebalance: false })
      .subscribe('One')
      .consumeEach(() => undefined)
    expect(await fails(consumer.start())).toMatchObject({ code: 'UNSUPPORTED_BY_BROKER' })
    expect(topicsTold()).toBeUndefined()
  })

  it('cannot keep keys in order, of which brokers know nothing', () => {
    create({ clientRebalance: false })
    expect(() => consumer.consume({ ordered: 'key' }, () => undefined)).toThrow(argument)
  })
})

describe('a consumer that is shut down', () => {
  it('tells brokers, closes its connections, and does so once', async () => {
    await started()
    await Promise.all([consumer.shutdown(), consumer.shutdown()])
    await consumer[Symbol.asyncDispose]()
    expect(cluster.server.count(UNREGISTER_CLIENT)).toBe(1)
    await cluster.clock.advance(0)
    expect(cluster.server.channels).toEqual([])
    expect(consumer.stats()).toMatchObject({ state: 'stopped' })
    expect(() => consumer.suspend()).toThrow(state)
  })

  it('waits for its listener, and commits what that has handled', async () => {
    const { promise, resolve } = deferred()
    let running = 0
    create()
      .subscribe('One')
      .consumeEach(() => {
        running++
        return promise
      })
    await consumer.start()
    await cluster.deliver('One', 'a')
    await until(() => running === 1)
    const ending = consumer.shutdown()
    await cluster.clock.advance(100)
    expect(cluster.server.count(UNREGISTER_CLIENT)).toBe(0)
    resolve()
    await cluster.outcome(ending)
    expect(cluster.commits).toContain('0:6')
  })

  it('ends at its limit, tells the listener by its signal, and rejects', async () => {
    const signals: AbortSignal[] = []
    create()
      .subscribe('One')
      .consumeEach((_message, { signal }) => {
        signals.push(signal)
        return new Promise(() => undefined)
      })
    await consumer.start()
    await cluster.deliver('One', 'a')
    await until(() => signals.length === 1)
    const error = await fails(consumer.shutdown({ timeoutMs: 1000 }), 250)
    expect(error).toMatchObject({ code: 'SHUTDOWN_INCOMPLETE', message: expect.stringContaining('1 listener calls') })
    expect(signals[0]?.aborted).toBe(true)
    await cluster.clock.advance(0)
    expect([cluster.commits.includes('0:6'), cluster.server.channels]).toEqual([false, []])
  })

  it('refuses a wrong limit, and goes on', async () => {
    const received = await started()
    await expect(consumer.shutdown({ timeoutMs: -1 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await cluster.deliver('One', 'a')
    await until(() => received.length === 1)
  })

  it('cannot start again', async () => {
    await started()
    await consumer.shutdown()
    create()
    await consumer.shutdown()
    expect(() => consumer.subscribe('One')).toThrow(state)
    await expect(consumer.start()).rejects.toMatchObject({ code: 'INVALID_STATE' })
  })
})
