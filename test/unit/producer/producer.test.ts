import { HEART_BEAT, UNREGISTER_CLIENT } from '../../../lib/commands/client'
import { GET_ROUTEINFO_BY_TOPIC } from '../../../lib/commands/route'
import { SEND_MESSAGE_V2 } from '../../../lib/commands/send'
import type { RocketMQError } from '../../../lib/errors'
import type { SendResult } from '../../../lib/model/results'
import { Producer } from '../../../lib/producer/producer'
import type { SendInterceptor } from '../../../lib/producer/send-interceptor'
import type { ProducerOptions } from '../../../lib/producer/producer-options'
import { decodeProperties } from '../../../lib/wire/properties'
import { deferred } from '../../support/fake-client'
import type { Message } from '../../../lib/model/message'
import { ScriptedCluster } from '../../support/scripted-cluster'

const MESSAGE = { topic: 'T', body: 'hello' }
const NO_REQUESTS = { requests: 0, lateReplies: 0, strayReplies: 0, avoidedBrokers: [] }

let cluster: ScriptedCluster
let producer: Producer

function create(options: Partial<ProducerOptions> = {}): Producer {
  producer = new Producer({ ...cluster.options, producerGroup: 'g', ...options })
  return producer
}

async function started(options: Partial<ProducerOptions> = {}): Promise<Producer> {
  await create(options).start()
  return producer
}

/** The outcome of a promise that waits for time to pass, which it does in steps. */
async function fails(promise: Promise<unknown>, stepMs = 0): Promise<RocketMQError> {
  const outcome = await cluster.outcome(promise, stepMs)
  if (outcome.status === 'fulfilled') throw new Error('it was to fail')
  return outcome.reason as RocketMQError
}

beforeEach(async () => {
  cluster = await ScriptedCluster.start({ T: 4 })
})

afterEach(async () => {
  await cluster.outcome(producer.shutdown(), 1000)
  await cluster.stop()
})

describe('a failed send', () => {
  const message = { topic: 'T', body: 'x' }

  it('tells that nothing was sent, in every form, where it was refused before', async () => {
    await started()
    const refused: [message: object, options: object][] = [
      [{ topic: 'T', body: '' }, {}],
      [{ topic: 'a b', body: 'x' }, {}],
      [{ ...message, encoding: 'nope' }, {}],
      [message, { timeoutMs: NaN }],
      [message, { signal: AbortSignal.abort() }],
    ]
    for (const [wrong, options] of refused) {
      const send = (): Promise<unknown> => producer.send(wrong as Message, options)
      const batch = (): Promise<unknown> => producer.send([wrong as Message], options)
      const oneway = (): Promise<unknown> => producer.sendOneway(wrong as Message, options)
      const request = (): Promise<unknown> => producer.request(wrong as Message, options)
      for (const call of [send, batch, oneway, request]) await expect(call()).rejects.toMatchObject({ sent: 'NO' })
      const error = new Promise(resolve => producer.sendAsync(wrong as Message, options, resolve))
      expect(await error).toMatchObject({ sent: 'NO' })
    }
  })

  it('tells so before start and after shutdown, too', async () => {
    create()
    const error = { code: 'INVALID_STATE', sent: 'NO' }
    await expect(producer.send(message)).rejects.toMatchObject(error)
    await producer.start()
    await cluster.outcome(producer.shutdown(), 1000)
    for (const call of [
      () => producer.send(message),
      () => producer.sendOneway(message),
      () => producer.request(message),
    ])
      await expect(call()).rejects.toMatchObject(error)
  })
})

describe('the life of a producer', () => {
  it('begins with a heartbeat to the brokers, and has an id then', async () => {
    create()
    expect(producer.clientId).toBeUndefined()
    expect(producer.stats()).toEqual({ state: 'created', inFlight: 0, inFlightBytes: 0, waiting: 0, ...NO_REQUESTS })
    await producer.start()
    expect(producer.clientId).toMatch(/@/)
    expect(producer.stats().state).toBe('running')
    expect(cluster.server.count(HEART_BEAT)).toBeGreaterThan(0)
  })

  it('begins once', async () => {
    create()
    await Promise.all([producer.start(), producer.start()])
    await producer.start()
    expect(cluster.server.channels).toHaveLength(1)
  })

  it('refuses to send before it has begun and after it has ended, and names the cure', async () => {
    create()
    await expect(producer.send(MESSAGE)).rejects.toMatchObject({
      code: 'INVALID_STATE',
      message: expect.stringContaining('call start() first'),
    })
    await expect(producer.sendOneway(MESSAGE)).rejects.toMatchObject({ code: 'INVALID_STATE' })
    await expect(producer.publishMessageQueues('T')).rejects.toMatchObject({ code: 'INVALID_STATE' })
    const callback = jest.fn()
    producer.sendAsync(MESSAGE, callback)
    await cluster.clock.advance(0)
    expect(callback).toHaveBeenCalledWith(expect.objectContaining({ code: 'INVALID_STATE' }), undefined)
    await producer.start()
    await producer.shutdown()
    await expect(producer.send(MESSAGE)).rejects.toMatchObject({
      code: 'INVALID_STATE',
      message: expect.stringContaining('create a new one'),
    })
  })

  it('ends with the brokers told and the connections closed, once', async () => {
    await started()
    await Promise.all([producer.shutdown(), producer.shutdown()])
    await producer.shutdown()
    expect(cluster.server.count(UNREGISTER_CLIENT)).toBe(1)
    await cluster.clock.advance(0)
    expect(cluster.server.channels).toEqual([])
    expect(producer.stats().state).toBe('stopped')
  })

  it('may end without having begun, and cannot begin then', async () => {
    create()
    await producer[Symbol.asyncDispose]()
    await expect(producer.start()).rejects.toMatchObject({ code: 'INVALID_STATE' })
  })

  it('takes back all it had taken when its start fails, and can still be shut down', async () => {
    cluster.server.hold(HEART_BEAT)
    const error = await fails(create().start({ timeoutMs: 2000 }), 500)
    expect(error).toMatchObject({ code: 'START_TIMEOUT' })
    expect(producer.stats().state).toBe('failed')
    await cluster.clock.advance(10_000)
    expect(cluster.server.channels).toEqual([])
    await expect(producer.shutdown()).resolves.toBeUndefined()
    await expect(producer.send(MESSAGE)).rejects.toMatchObject({ code: 'INVALID_STATE' })
  })

  it('ends its start when it is aborted', async () => {
    cluster.server.hold(GET_ROUTEINFO_BY_TOPIC)
    const abort = new AbortController()
    const starting = create().start({ signal: abort.signal })
    await cluster.server.next(GET_ROUTEINFO_BY_TOPIC)
    abort.abort(new Error('enough'))
    expect(await fails(starting, 1000)).toMatchObject({ code: 'ABORTED', cause: { message: 'enough' } })
  })

  it('refuses a wrong limit of its end, and goes on', async () => {
    await started()
    await expect(producer.shutdown({ timeoutMs: 0 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await expect(producer.send(MESSAGE)).resolves.toMatchObject({ sendStatus: 'SEND_OK' })
    await producer.shutdown({ timeoutMs: 1 })
    expect(cluster.server.count(UNREGISTER_CLIENT)).toBe(1)
  })
})

describe('a shutdown while messages are in flight', () => {
  it('waits for their answers, and takes no more', async () => {
    await started()
    cluster.server.hold(SEND_MESSAGE_V2)
    const sending = producer.send(MESSAGE)
    const request = await cluster.server.next(SEND_MESSAGE_V2)
    const ending = producer.shutdown()
    await expect(producer.send(MESSAGE)).rejects.toMatchObject({ code: 'INVALID_STATE' })
    expect(cluster.server.count(UNREGISTER_CLIENT)).toBe(0)
    request.reply({ code: 'SUCCESS', header: { msgId: 'X', queueId: 1, queueOffset: 7 } })
    await expect(sending).resolves.toMatchObject({ queueOffset: 7 })
    await ending
    expect(cluster.server.count(UNREGISTER_CLIENT)).toBe(1)
  })

  it('waits for the parts of a split batch that are still to come', async () => {
    await started({ maxMessageSize: 200 })
    const sending = producer.send(Array.from({ length: 8 }, () => ({ topic: 'T', body: 'x'.repeat(60) })))
    await producer.shutdown()
    expect((await sending).results).toHaveLength(8)
  })

  it('ends at its limit, tells what is missing, and closes all the same', async () => {
    await started({ sendTimeoutMs: 60_000 })
    cluster.server.hold(SEND_MESSAGE_V2)
    const sending = producer.send(MESSAGE)
    const failed = expect(sending).rejects.toMatchObject({ sent: 'UNKNOWN' })
    await cluster.server.next(SEND_MESSAGE_V2)
    const error = await fails(producer.shutdown({ timeoutMs: 1000 }), 500)
    expect(error).toMatchObject({ code: 'SHUTDOWN_INCOMPLETE', message: expect.stringContaining('1 messages') })
    await failed
    await cluster.clock.advance(0)
    expect(cluster.server.channels).toEqual([])
    expect(producer.stats()).toEqual({ state: 'stopped', inFlight: 0, inFlightBytes: 0, waiting: 0, ...NO_REQUESTS })
  })

  it('ends all its sends at its limit, also where it shares connections', async () => {
    await started({ sendTimeoutMs: 60_000, maxInFlight: 2 })
    const other = new Producer({ ...cluster.options, producerGroup: 'other', sendTimeoutMs: 60_000 })
    await other.start()
    cluster.server.hold(SEND_MESSAGE_V2)
    const sending = Array.from({ length: 4 }, () => producer.send(MESSAGE))
    const outcomes = Promise.allSettled([...sending, producer.sendOneway(MESSAGE)])
    const otherSending = other.send(MESSAGE)
    const requests = []
    for (let n = 0; n < 3; n++) requests.push(await cluster.server.next(SEND_MESSAGE_V2))
    const error = await fails(producer.shutdown({ timeoutMs: 1000 }), 500)
    expect(error.message).toContain('2 messages were not answered, 3 waited for their turn')
    const reasons = (await outcomes).map(outcome => (outcome.status === 'rejected' ? outcome.reason : outcome))
    expect(reasons).toMatchObject(
      ['UNKNOWN', 'UNKNOWN', 'NO', 'NO', 'NO'].map(sent => ({ code: 'INVALID_STATE', sent })),
    )
    for (const request of requests)
      request.reply({ code: 'SUCCESS', header: { msgId: 'X', queueId: 1, queueOffset: 7 } })
    await expect(otherSending).resolves.toMatchObject({ queueOffset: 7 })
    expect(cluster.server.count(SEND_MESSAGE_V2)).toBe(3)
    await other.shutdown()
  })

  it('leaves the connections of others alone', async () => {
    await started()
    const other = new Producer({ ...cluster.options, producerGroup: 'other' })
    await other.start()
    expect(other.clientId).toBe(producer.clientId)
    await producer.shutdown()
    await expect(other.send(MESSAGE)).resolves.toMatchObject({ sendStatus: 'SEND_OK' })
    await other.shutdown()
  })
})

describe('a producer that runs', () => {
  it('sends single messages, batches and oneway ones', async () => {
    await started()
    await producer.send(MESSAGE)
    const batch = await producer.send([MESSAGE, MESSAGE])
    await producer.sendOneway(MESSAGE)
    await cluster.outcome(Promise.resolve())
    while (cluster.messages.length < 3) await cluster.clock.advance(0)
    expect(cluster.messages.map(({ header }) => header.batch)).toEqual([false, true, false])
    expect(batch.msgId.split(',')).toHaveLength(2)
  })

  it('rejects and never throws for what cannot be sent', async () => {
    await started()
    for (const message of [undefined, null, 5, {}, { topic: 'T' }, { topic: 'no topic', body: 'x' }, []]) {
      await expect(producer.send(message as never)).rejects.toMatchObject({
        code: expect.stringMatching(/^INVALID_(MESSAGE|TOPIC)$/),
      })
    }
    await expect(producer.send(MESSAGE, null as never)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })

  it('tells a callback the outcome, with options or without', async () => {
    await started()
    const done = deferred<[unknown, SendResult | undefined]>()
    producer.sendAsync(MESSAGE, (error, result) => done.resolve([error, result]))
    await expect(done.promise).resolves.toEqual([undefined, expect.objectContaining({ sendStatus: 'SEND_OK' })])
    const second = deferred<[unknown, SendResult | undefined]>()
    const queue = { topic: 'T', brokerName: 'a', queueId: 2 }
    producer.sendAsync(MESSAGE, { queue }, (error, result) => second.resolve([error, result]))
    expect((await second.promise)[1]?.messageQueue.queueId).toBe(2)
  })

  it('calls a callback only after sendAsync has returned, also where nothing could be sent', async () => {
    await started({ maxInFlight: 1 })
    cluster.server.hold(SEND_MESSAGE_V2)
    const called: string[] = []
    const note = (error: unknown): unknown => called.push((error as RocketMQError).code)
    const signal = AbortSignal.abort('too late')
    producer.sendAsync({ topic: 'no topic', body: 'x' }, note)
    producer.sendAsync(MESSAGE, { signal }, note)
    producer.sendAsync(MESSAGE, () => undefined)
    producer.sendAsync(MESSAGE, note)
    expect(called).toEqual([])
    const request = await cluster.server.next(SEND_MESSAGE_V2)
    expect(called).toEqual(['INVALID_TOPIC', 'ABORTED', 'TOO_MANY_REQUESTS'])
    request.reply({ code: 'SUCCESS', header: { msgId: 'X', queueId: 1, queueOffset: 7 } })
  })

  it('emits what a callback throws, or rejects with', async () => {
    await started()
    const errors: RocketMQError[] = []
    producer.on('backgroundError', error => errors.push(error))
    producer.sendAsync(MESSAGE, () => {
      throw new Error('a defect')
    })
    producer.sendAsync(MESSAGE, (() => Promise.reject(new Error('another'))) as () => void)
    while (errors.length < 2) await cluster.clock.advance(0)
    expect(errors.map(({ cause }) => (cause as Error).message).sort()).toEqual(['a defect', 'another'])
  })

  it('needs a callback', async () => {
    await started()
    expect(() => producer.sendAsync(MESSAGE, {}, undefined as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    )
  })

  it('gives the queues of a topic in a list of the caller’s own', async () => {
    await started()
    const queues = await producer.publishMessageQueues('T')
    expect(queues.map(({ queueId }) => queueId)).toEqual([0, 1, 2, 3])
    queues.length = 0
    await expect(producer.publishMessageQueues('T')).resolves.toHaveLength(4)
    await expect(producer.publishMessageQueues('no topic')).rejects.toMatchObject({ code: 'INVALID_TOPIC' })
  })

  it('emits failures that no call waits for', async () => {
    await started()
    const errors: RocketMQError[] = []
    producer.on('backgroundError', error => errors.push(error))
    cluster.server.handlers.on(HEART_BEAT, () => {
      throw new Error('no')
    })
    await cluster.clock.advance(30_000)
    expect(errors).toContainEqual(expect.objectContaining({ code: 'BROKER_ERROR' }))
  })
})

describe('interceptors of a producer', () => {
  it('see each form of a send, and what they put in place of the message is sent', async () => {
    const modes: string[] = []
    await started({
      interceptors: [
        (context, next) => {
          modes.push(`${context.operation} ${context.mode} ${context.producerGroup}`)
          if (!Array.isArray(context.message)) context.message = { topic: 'T', body: 'changed', tags: 'by interceptor' }
          return next()
        },
      ],
    })
    const message = Object.freeze({ ...MESSAGE })
    await producer.send(message)
    await producer.send([message])
    const done = deferred()
    producer.sendAsync(message, () => done.resolve())
    await done.promise
    await producer.sendOneway(message)
    while (cluster.messages.length < 4) await cluster.clock.advance(0)
    expect(modes).toEqual(['send SYNC g', 'send SYNC g', 'send ASYNC g', 'send ONEWAY g'])
    const tags = cluster.messages.map(({ header }) => decodeProperties(header.properties ?? '')['TAGS'])
    expect(tags).toEqual(['by interceptor', undefined, 'by interceptor', 'by interceptor'])
  })

  it('are waited for by a shutdown, and pass their send on meanwhile', async () => {
    const [entered, passing] = [deferred<void>(), deferred<void>()]
    const waiting: SendInterceptor = async (_context, next) => {
      entered.resolve()
      await passing.promise
      return next()
    }
    await started({ interceptors: [waiting] })
    const sent = producer.send(MESSAGE)
    await entered.promise
    const stopped = producer.shutdown()
    passing.resolve()
    expect((await sent).sendStatus).toBe('SEND_OK')
    await stopped
    expect(cluster.messages).toHaveLength(1)
  })

  it('fail the send they throw in', async () => {
    await started({
      interceptors: [
        () => {
          throw new Error('not today')
        },
      ],
    })
    await expect(producer.send(MESSAGE)).rejects.toThrow('not today')
    await expect(producer.sendOneway(MESSAGE)).rejects.toThrow('not today')
    const done = deferred<unknown>()
    producer.sendAsync(MESSAGE, error => done.resolve(error))
    await expect(done.promise).resolves.toMatchObject({ code: 'INTERCEPTOR_FAILED', cause: { message: 'not today' } })
    expect(cluster.messages).toEqual([])
  })
})
