import { ACK_MESSAGE, CHANGE_MESSAGE_INVISIBLETIME, NOTIFICATION, POP_MESSAGE } from '../../../../lib/commands/pop'
import { SimpleConsumer } from '../../../../lib/consumer/simple/simple-consumer'
import type { SimpleConsumerOptions } from '../../../../lib/consumer/simple/simple-consumer-options'
import type { MessageExt } from '../../../../lib/model/message'
import { popFound, popNone, popped } from '../../../support/pop-setup'
import { ScriptedCluster } from '../../../support/scripted-cluster'

let cluster: ScriptedCluster
let consumer: SimpleConsumer

function create(options: Partial<SimpleConsumerOptions> = {}): SimpleConsumer {
  consumer = new SimpleConsumer({ ...cluster.options, consumerGroup: 'g', subscriptions: { One: '*' }, ...options })
  return consumer
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await cluster.clock.advance(0)
}

const told = () => cluster.heartbeats.filter(({ consumerDataSet }) => consumerDataSet.length > 0).at(-1)

async function start(version?: number): Promise<void> {
  cluster = await ScriptedCluster.start({ One: 1, Two: 2 }, version)
  const { handlers } = cluster.server
  handlers.on(POP_MESSAGE, () => popNone())
  handlers.on(ACK_MESSAGE, () => ({ code: 'SUCCESS' }) as const)
  cluster.server.hold(NOTIFICATION)
}

beforeEach(() => start())

afterEach(async () => {
  await cluster.outcome(consumer.shutdown(), 1000)
  await cluster.stop()
})

describe('a simple consumer', () => {
  it('tells brokers what its group wants', async () => {
    await create().start()
    expect([consumer.isRunning, consumer.clientId === undefined]).toEqual([true, false])
    expect(told()?.consumerDataSet).toMatchObject([
      {
        groupName: 'g',
        consumeType: 'CONSUME_ACTIVELY',
        messageModel: 'CLUSTERING',
        subscriptionDataSet: [{ topic: 'One' }],
      },
    ])
    consumer.subscribe('Two', 'a || b').unsubscribe('One')
    await until(() => told()?.consumerDataSet[0]?.subscriptionDataSet[0]?.topic === 'Two')
    expect(consumer.stats()).toEqual({ state: 'running', topics: ['Two'], receiving: 0, received: 0, acknowledged: 0 })
  })

  it('is refused by brokers before 5.0, which do not hear of it', async () => {
    await cluster.stop()
    await start(412)
    await expect(create().start()).rejects.toMatchObject({ code: 'UNSUPPORTED_BY_BROKER' })
    expect(told()).toBeUndefined()
  })

  it('receives, acknowledges, and hides for longer', async () => {
    await create({ invisibleDurationMs: 20_000 }).start()
    cluster.server.hold(POP_MESSAGE)
    const received = consumer.receive({ maxMessages: 3 })
    const pop = await cluster.server.next(POP_MESSAGE)
    expect(pop.request.header).toMatchObject({
      topic: 'One',
      queueId: -1,
      maxMsgNums: 3,
      invisibleTime: 20_000,
      initMode: 1,
    })
    pop.reply(popFound([5], { topic: 'One' }))
    const [message] = (await received) as [MessageExt]
    cluster.server.hold(CHANGE_MESSAGE_INVISIBLETIME)
    const changed = consumer.changeInvisibleDuration(message, 30_000)
    const change = await cluster.server.next(CHANGE_MESSAGE_INVISIBLETIME)
    change.reply({ code: 'SUCCESS', header: { popTime: 2000, invisibleTime: 30_000, reviveQid: 1 } })
    expect(await changed).toBe(message.properties['POP_CK'])
    await consumer.ack(message)
    expect(consumer.stats()).toMatchObject({ received: 1, acknowledged: 1 })
  })

  it('ends calls of receive when it is shut down, and takes no more', async () => {
    await create().start()
    const ended = expect(consumer.receive()).rejects.toMatchObject({ code: 'ABORTED' })
    await cluster.server.next(NOTIFICATION)
    await cluster.outcome(consumer.shutdown())
    await ended
    const refused = { code: 'INVALID_STATE' }
    await expect(consumer.receive()).rejects.toMatchObject(refused)
    await expect(consumer.ack(popped())).rejects.toMatchObject(refused)
  })

  it('reports what stays under way longer than a shutdown may take', async () => {
    await create().start()
    cluster.server.hold(POP_MESSAGE)
    const ended = expect(consumer.receive()).rejects.toMatchObject({ code: 'ABORTED' })
    await cluster.server.next(POP_MESSAGE)
    const outcome = await cluster.outcome(consumer.shutdown({ timeoutMs: 10 }), 10)
    expect(outcome).toMatchObject({ reason: { code: 'SHUTDOWN_INCOMPLETE' } })
    await ended
  })

  it('refuses wrong input before anything is sent', async () => {
    await create().start()
    const invalid = { code: 'INVALID_ARGUMENT' }
    await expect(consumer.receive({ maxMessages: 0 })).rejects.toMatchObject(invalid)
    await expect(consumer.changeInvisibleDuration(popped(), 1)).rejects.toMatchObject(invalid)
    await expect(consumer.shutdown({ timeoutMs: -1 })).rejects.toMatchObject(invalid)
    expect(() => create({ subscriptions: { 'no topic': '*' } })).toThrow(
      expect.objectContaining({ code: 'INVALID_TOPIC' }),
    )
    expect(cluster.server.count(POP_MESSAGE)).toBe(0)
  })
})
