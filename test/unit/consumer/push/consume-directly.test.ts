import { WireNames } from '../../../../lib/client/wire-names'
import { consumeDirectly, readRecord } from '../../../../lib/consumer/push/consume-directly'
import type { Listener } from '../../../../lib/consumer/push/listener'
import type {
  ConsumeConcurrentlyContext,
  ConsumeContext,
  ConsumeOrderlyContext,
} from '../../../../lib/consumer/push/message-listener'
import type { MessageExt } from '../../../../lib/model/message'
import { ManualClock } from '../../../../lib/runtime/manual-clock'
import { encodeProperties } from '../../../../lib/wire/properties'
import { recordBytes } from '../../../support/records'

const MESSAGE = { body: Buffer.from('hello') } as MessageExt
const CONTEXT: ConsumeContext = {
  consumerGroup: 'billing',
  messageQueue: { topic: 'Orders', brokerName: 'broker-a', queueId: 1 },
  signal: new AbortController().signal,
}

function consumed(ordered: 'none' | 'queue', listener: unknown, clock = new ManualClock()) {
  const whole = { ordered, listener } as Listener
  return consumeDirectly(whole, MESSAGE, { context: CONTEXT, clock })
}

describe('consumeDirectly', () => {
  it('hands the message to the listener and tells how long that took', async () => {
    const clock = new ManualClock()
    const given: unknown[] = []
    const result = await consumed(
      'none',
      async (...args: unknown[]) => {
        given.push(...args)
        await clock.advance(25)
      },
      clock,
    )
    expect(given).toEqual([[MESSAGE], CONTEXT])
    expect(result).toEqual({ order: false, autoCommit: true, consumeResult: 'CR_SUCCESS', spentTimeMills: 25 })
  })

  it.each([
    ['none', undefined, 'CR_SUCCESS'],
    ['none', 'CONSUME_SUCCESS', 'CR_SUCCESS'],
    ['none', 'RECONSUME_LATER', 'CR_LATER'],
    ['none', { status: 'RECONSUME_LATER', firstFailed: 1 }, 'CR_SUCCESS'],
    ['queue', 'SUCCESS', 'CR_SUCCESS'],
    ['queue', 'SUSPEND_CURRENT_QUEUE_A_MOMENT', 'CR_LATER'],
  ] as const)('of a listener with order %s that returns %j is %s', async (ordered, given, consumeResult) => {
    for (const listener of [() => given, async () => given])
      expect(await consumed(ordered, listener)).toMatchObject({ consumeResult, order: ordered === 'queue' })
  })

  it('tells what the listener threw, and that it returned what is no result', async () => {
    const failing = (): never => {
      throw new TypeError('a bug')
    }
    for (const listener of [failing, async () => failing()])
      expect(await consumed('none', listener)).toMatchObject({
        consumeResult: 'CR_THROW_EXCEPTION',
        remark: 'TypeError: a bug',
      })
    expect(await consumed('queue', () => 42)).toMatchObject({
      consumeResult: 'CR_THROW_EXCEPTION',
      remark: expect.stringContaining('42') as string,
    })
  })

  it('heeds what the listener sets on its context', async () => {
    const none = (_messages: unknown, context: ConsumeConcurrentlyContext): void => void (context.ackIndex = -1)
    expect(await consumed('none', none)).toMatchObject({ consumeResult: 'CR_LATER', autoCommit: true })
    for (const [given, consumeResult] of [
      ['COMMIT', 'CR_COMMIT'],
      ['ROLLBACK', 'CR_ROLLBACK'],
      ['SUCCESS', 'CR_SUCCESS'],
      ['SUSPEND_CURRENT_QUEUE_A_MOMENT', 'CR_LATER'],
    ]) {
      const listener = (_messages: unknown, context: ConsumeOrderlyContext): unknown => {
        context.autoCommit = false
        return given
      }
      expect(await consumed('queue', listener)).toMatchObject({ consumeResult, autoCommit: false })
    }
  })
})

describe('readRecord', () => {
  const names = { brokerName: 'broker-a', retryTopic: '%RETRY%billing', names: new WireNames('') }

  it('reads the one message', async () => {
    const message = await readRecord(recordBytes(), names)
    expect([message.topic, message.text(), message.brokerName]).toEqual(['Orders', 'hello', 'broker-a'])
  })

  it('shows a retried message under the topic that it first had', async () => {
    const retried = recordBytes({ topic: '%RETRY%billing', properties: encodeProperties({ RETRY_TOPIC: 'Orders' }) })
    expect((await readRecord(retried, names)).topic).toBe('Orders')
  })

  it('shows topics without the namespace', async () => {
    const inShop = { ...names, names: new WireNames('shop') }
    expect((await readRecord(recordBytes({ topic: 'shop%Orders' }), inShop)).topic).toBe('Orders')
    const properties = encodeProperties({ RETRY_TOPIC: 'shop%Orders' })
    const retried = recordBytes({ topic: '%RETRY%shop%billing', properties })
    expect((await readRecord(retried, inShop)).topic).toBe('Orders')
  })

  it('refuses what is no message', async () => {
    await expect(readRecord(Buffer.alloc(0), names)).rejects.toMatchObject({ code: 'MESSAGE_UNREADABLE' })
    const nonsense = Buffer.from('nonsense that is no record')
    await expect(readRecord(nonsense, names)).rejects.toMatchObject({ code: 'PROTOCOL_ERROR' })
  })
})
