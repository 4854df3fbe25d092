import { HEART_BEAT } from '../../../../lib/commands/client'
import { UPDATE_CONSUMER_OFFSET } from '../../../../lib/commands/offset'
import { PULL_MESSAGE } from '../../../../lib/commands/pull'
import { CONSUMER_SEND_MSG_BACK } from '../../../../lib/commands/send'
import { PullConsumer } from '../../../../lib/consumer/pull/pull-consumer'
import type { PullConsumerOptions } from '../../../../lib/consumer/pull/pull-consumer-options'
import { ScriptedCluster } from '../../../support/scripted-cluster'
import { storedMessage } from '../../../support/records'

let cluster: ScriptedCluster
let consumer: PullConsumer

function create(options: Partial<PullConsumerOptions> = {}): PullConsumer {
  consumer = new PullConsumer({ ...cluster.options, consumerGroup: 'g', ...options })
  return consumer
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await cluster.clock.advance(0)
}

const queue = { topic: 'One', brokerName: 'a', queueId: 0 }
const told = () => cluster.heartbeats.at(-1)?.consumerDataSet[0]

beforeEach(async () => {
  cluster = await ScriptedCluster.start({ One: 1, Two: 2 })
})

afterEach(async () => {
  await cluster.outcome(consumer.shutdown(), 1000)
  await cluster.stop()
})

describe('a pull consumer', () => {
  it('tells brokers that its group pulls, and what is scheduled', async () => {
    await create({ messageModel: 'CLUSTERING' }).start()
    expect(consumer.isRunning).toBe(true)
    await consumer.fetchMessageQueues('One')
    consumer.schedule('Two', () => undefined)
    await until(() => told() !== undefined)
    expect(told()).toMatchObject({
      groupName: 'g',
      consumeType: 'CONSUME_ACTIVELY',
      messageModel: 'CLUSTERING',
      consumeFromWhere: 'CONSUME_FROM_LAST_OFFSET',
      subscriptionDataSet: [{ topic: 'Two', subString: '*' }],
    })
  })

  it('tells of queues that it takes and gives back, and of failures of its tasks', async () => {
    const events: string[] = []
    create().schedule('Two', () => {
      throw new Error('no')
    })
    for (const event of ['assigned', 'revoked'] as const)
      consumer.on(event, queues => events.push(`${event} ${queues.length}`))
    consumer.on('taskError', (error, { queueId }) => events.push(`${error.message} ${queueId}`))
    await consumer.start()
    await until(() => events.length === 3)
    expect(events.sort()).toEqual(['assigned 2', 'no 0', 'no 1'])
    expect(consumer.stats()).toMatchObject({
      state: 'running',
      queues: [{ queueId: 0 }, { queueId: 1 }],
      tasksRunning: 0,
    })
    consumer.unschedule('Two')
    await cluster.clock.advance(1000)
    await until(() => events.includes('revoked 2'))
    expect(consumer.stats().queues).toEqual([])
  })

  it('pulls what it is asked for, also of queues whose route is not known yet', async () => {
    await create().start()
    const pulled = consumer.pull(queue, { offset: 7, maxNums: 3 })
    const request = await cluster.server.next(PULL_MESSAGE)
    expect(request.request.header).toMatchObject({ queueOffset: 7, maxMsgNums: 3, sysFlag: 4, suspendTimeoutMillis: 0 })
    const header = { suggestWhichBrokerId: 0, nextBeginOffset: 7, minOffset: 0, maxOffset: 7 }
    request.reply({ code: 'PULL_NOT_FOUND', header, body: Buffer.alloc(0) })
    expect(await pulled).toMatchObject({ status: 'NO_NEW_MSG' })
    const blocked = consumer.pullBlockIfNotFound(queue, { offset: 7 })
    const held = await cluster.server.next(PULL_MESSAGE)
    expect(held.request.header).toMatchObject({ sysFlag: 2 | 4, suspendTimeoutMillis: 20_000 })
    held.reply({ code: 'PULL_NOT_FOUND', header, body: Buffer.alloc(0) })
    await blocked
  })

  it('limits a pull by the options of each kind', async () => {
    await create({ consumerPullTimeoutMs: 50, brokerSuspendMaxTimeMs: 60, consumerTimeoutWhenSuspendMs: 70 }).start()
    const late = { code: 'REQUEST_TIMEOUT' }
    const [short, long] = [consumer.pull(queue, { offset: 0 }), consumer.pullBlockIfNotFound(queue, { offset: 0 })]
    const outcomes = [expect(short).rejects.toMatchObject(late), expect(long).rejects.toMatchObject(late)]
    await cluster.server.next(PULL_MESSAGE)
    await cluster.server.next(PULL_MESSAGE)
    await cluster.clock.advance(70)
    await Promise.all(outcomes)
  })

  it('refuses wrong input before anything is sent', async () => {
    await create().start()
    const invalid = { code: 'INVALID_ARGUMENT' }
    await expect(consumer.pull(undefined as never, { offset: 0 })).rejects.toMatchObject(invalid)
    await expect(consumer.pull(queue, null as never)).rejects.toMatchObject(invalid)
    await expect(consumer.minOffset({ topic: 'One' } as never)).rejects.toMatchObject(invalid)
    await expect(consumer.offsetForTimestamp(queue, NaN)).rejects.toMatchObject(invalid)
    await expect(consumer.updateConsumeOffset(queue, 'x')).rejects.toMatchObject(invalid)
    await expect(consumer.fetchMessageQueues('no topic')).rejects.toMatchObject({ code: 'INVALID_TOPIC' })
    expect(() => consumer.schedule('no topic', () => undefined)).toThrow(
      expect.objectContaining({ code: 'INVALID_TOPIC' }),
    )
    expect(cluster.server.count(PULL_MESSAGE)).toBe(0)
  })

  it('writes an offset down at once, and fails where that fails', async () => {
    await create().start()
    await consumer.updateConsumeOffset(queue, 9)
    expect(cluster.commits).toEqual(['0:9'])
    cluster.server.hold(UPDATE_CONSUMER_OFFSET)
    const failed = expect(consumer.updateConsumeOffset(queue, 10)).rejects.toMatchObject({
      code: 'OFFSET_STORE_FAILED',
    })
    ;(await cluster.server.next(UPDATE_CONSUMER_OFFSET)).refuse('SYSTEM_ERROR')
    await failed
  })

  it('finds the broker of a message that it sends back', async () => {
    await create({ maxReconsumeTimes: 3 }).start()
    cluster.server.hold(CONSUMER_SEND_MSG_BACK)
    const message = storedMessage({ topic: 'One', commitLogOffset: 77 })
    const mine = Object.defineProperty(message.copy(), 'brokerName', { value: 'a' })
    const sent = consumer.sendMessageBack(mine, 4)
    const request = await cluster.server.next(CONSUMER_SEND_MSG_BACK)
    expect(request.request.header).toMatchObject({
      offset: 77,
      group: 'g',
      delayLevel: 4,
      originTopic: 'One',
      maxReconsumeTimes: 3,
    })
    request.reply({ code: 'SUCCESS' })
    await expect(sent).resolves.toBeUndefined()
  })

  it('is refused where it does not run', async () => {
    create()
    const early = { code: 'INVALID_STATE', message: expect.stringContaining('call start() first') }
    const calls = [
      () => consumer.pull(queue, { offset: 0 }),
      () => consumer.pullBlockIfNotFound(queue, { offset: 0 }),
      () => consumer.fetchMessageQueues('One'),
      () => consumer.maxOffset(queue),
      () => consumer.fetchConsumeOffset(queue),
      () => consumer.sendMessageBack(storedMessage()),
    ]
    for (const call of calls) await expect(call()).rejects.toMatchObject(early)
    expect([consumer.clientId, consumer.isRunning, consumer.stats()]).toEqual([
      undefined,
      false,
      { state: 'created', queues: [], tasksRunning: 0 },
    ])
  })

  it('that could not start leaves nothing behind', async () => {
    cluster.server.hold(HEART_BEAT)
    create().schedule('One', () => undefined)
    const started = await cluster.outcome(consumer.start({ timeoutMs: 1000 }), 500)
    expect(started).toMatchObject({ status: 'rejected', reason: { code: 'START_TIMEOUT' } })
    expect(consumer.stats().queues).toEqual([])
  })

  it('shuts down once, within a limit that must be one', async () => {
    await create().start()
    await expect(consumer.shutdown({ timeoutMs: 0 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    expect(consumer.isRunning).toBe(true)
    expect(consumer[Symbol.asyncDispose]()).toBe(consumer.shutdown())
    await cluster.outcome(consumer.shutdown())
    expect(consumer.stats().state).toBe('stopped')
  })
})
