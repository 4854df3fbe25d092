import type { ReceiveEvent, SettleEvent } from '../../../../lib/client/telemetry/events'
import { onDiagnostics } from '../../../../lib/client/telemetry/on-diagnostics'
import { HEART_BEAT } from '../../../../lib/commands/client'
import { encodeRequest } from '../../../../lib/commands/command'
import { LITE_SUBSCRIPTION_CTL, NOTIFY_UNSUBSCRIBE_LITE, POP_LITE_MESSAGE } from '../../../../lib/commands/lite'
import { ACK_MESSAGE } from '../../../../lib/commands/pop'
import { brokerError } from '../../../../lib/commands/response-code'
import { LiteSimpleConsumer } from '../../../../lib/consumer/lite/lite-simple-consumer'
import { liteFound, liteRecord } from '../../../support/lite-setup'
import { ScriptedCluster } from '../../../support/scripted-cluster'

let cluster: ScriptedCluster
let consumer: LiteSimpleConsumer
let told: string[]

function create(): LiteSimpleConsumer {
  consumer = new LiteSimpleConsumer({ ...cluster.options, consumerGroup: 'chat', topic: 'Chats' })
  return consumer
}

beforeEach(async () => {
  cluster = await ScriptedCluster.start({ Chats: 1 })
  told = []
  cluster.server.handlers.on(LITE_SUBSCRIPTION_CTL, ({ body }) => {
    for (const { action, liteTopicSet } of body.subscriptionSet) told.push(`${action} ${liteTopicSet.join()}`)
    return { code: 'SUCCESS' as const }
  })
  cluster.server.handlers.on(ACK_MESSAGE, () => ({ code: 'SUCCESS' as const }))
})

afterEach(async () => {
  await cluster.outcome(consumer.shutdown(), 1000)
  await cluster.stop()
})

describe('a lite consumer', () => {
  it('tells brokers what it wants, all of it again from time to time, and that it leaves', async () => {
    await create().start()
    await consumer.subscribeLite(['room-1', 'room-2'], { from: 'FIRST_OFFSET' })
    await consumer.unsubscribeLite(['room-1'])
    expect(consumer.liteTopics).toEqual(['room-2'])
    await cluster.clock.advance(30_000)
    await cluster.outcome(consumer.shutdown(), 1000)
    expect(told).toEqual([
      'COMPLETE_ADD ',
      'PARTIAL_ADD room-1,room-2',
      'PARTIAL_REMOVE room-1',
      'COMPLETE_ADD room-2',
      'COMPLETE_REMOVE ',
    ])
    expect(cluster.heartbeats[0]?.consumerDataSet[0]).toMatchObject({
      groupName: 'chat',
      subscriptionDataSet: [{ topic: 'Chats', subString: '*' }],
    })
  })

  it('receives and acknowledges', async () => {
    cluster.server.handlers.on(POP_LITE_MESSAGE, () => liteFound([liteRecord('room-1', 0)]))
    await create().start()
    const [message] = await consumer.receive()
    expect(message?.text()).toBe('room-1 0')
    await consumer.ack(message as NonNullable<typeof message>)
    expect(cluster.server.frames.some(({ code }) => code === ACK_MESSAGE.code)).toBe(true)
  })

  it('has whoever subscribes to the tracing channels told of that', async () => {
    const events: string[] = []
    const note = ({ operation, messages }: ReceiveEvent | SettleEvent): unknown =>
      events.push(`${operation} ${messages.length}`)
    const stops = [onDiagnostics('receive', { asyncEnd: note }), onDiagnostics('settle', { asyncEnd: note })]
    cluster.server.handlers.on(POP_LITE_MESSAGE, () => liteFound([liteRecord('room-1', 0)]))
    await create().start()
    const [message] = await consumer.receive()
    await consumer.ack(message as NonNullable<typeof message>)
    for (const stop of stops) stop()
    expect(events).toEqual(['receive 1', 'ack 1'])
  })

  it('takes options that are not given as missing, and leaves nothing at the signal of a call', async () => {
    cluster.server.handlers.on(POP_LITE_MESSAGE, () => liteFound([liteRecord('room-1', 0)]))
    await create().start()
    const { signal } = new AbortController()
    const [added, removed] = [jest.spyOn(signal, 'addEventListener'), jest.spyOn(signal, 'removeEventListener')]
    const missing = { maxMessages: undefined, invisibleDurationMs: undefined, awaitDurationMs: undefined }
    expect(await consumer.receive({ ...(missing as object), signal })).toHaveLength(1)
    expect(added).toHaveBeenCalled()
    expect(removed).toHaveBeenCalledTimes(added.mock.calls.length)
  })

  it('tells the user of a lite topic that a broker has ended', async () => {
    await create().start()
    await consumer.subscribeLite(['room-1'])
    const ended: string[] = []
    consumer.on('unsubscribed', liteTopic => ended.push(liteTopic))
    const header = { consumerGroup: 'chat', clientId: consumer.clientId ?? '' }
    for (const liteTopic of ['room-1', 'other'])
      for (const channel of cluster.server.channels)
        channel.oneway(encodeRequest(NOTIFY_UNSUBSCRIBE_LITE, { header: { ...header, liteTopic } }))
    while (ended.length === 0) await cluster.clock.advance(0)
    expect([ended, consumer.liteTopics]).toEqual([['room-1'], []])
  })

  it('does not begin with brokers before 5.5, which do not hear of its group', async () => {
    cluster.server.handlers.on(LITE_SUBSCRIPTION_CTL, () => {
      throw brokerError(3, 'not supported', { command: 'LITE_SUBSCRIPTION_CTL' })
    })
    await expect(create().start()).rejects.toMatchObject({ code: 'UNSUPPORTED_BY_BROKER' })
    expect(cluster.server.frames.some(({ code }) => code === HEART_BEAT.code)).toBe(false)
  })

  it('checks what it is given before it asks anybody', async () => {
    await create().start()
    await expect(consumer.subscribeLite(['a$b'])).rejects.toMatchObject({ code: 'INVALID_TOPIC' })
    await expect(consumer.receive({ maxMessages: 33 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await expect(consumer.receive({ invisibleDurationMs: 5 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    const wrong = { invisibleMs: 5000 } as object
    await expect(consumer.receive(wrong)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await expect(consumer.subscribeLite(['a'], wrong)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await expect(consumer.ack({} as never)).rejects.toMatchObject({ code: 'INVALID_RECEIPT' })
  })

  it('does nothing before its start', async () => {
    await expect(create().subscribeLite(['a'])).rejects.toMatchObject({ code: 'INVALID_STATE' })
    await expect(consumer.receive()).rejects.toMatchObject({ code: 'INVALID_STATE' })
  })
})
