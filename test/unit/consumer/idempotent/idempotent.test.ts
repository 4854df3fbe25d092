import { idempotent } from '../../../../lib/consumer/idempotent/idempotent'
import type { IdempotentOptions } from '../../../../lib/consumer/idempotent/idempotent-options'
import type {
  ConsumeConcurrentlyContext,
  ConsumeOrderlyContext,
  MessageListenerConcurrently,
  MessageListenerOrderly,
} from '../../../../lib/consumer/push/message-listener'
import { PushConsumer } from '../../../../lib/consumer/push/push-consumer'
import type { MessageExt } from '../../../../lib/model/message'
import { consumeContext, idempotentSetup, orderMessage } from '../../../support/idempotent-setup'

const context = consumeContext()

describe('idempotent', () => {
  it('gives a listener of one message the message and its context', async () => {
    const { options } = idempotentSetup()
    const seen: unknown[] = []
    const listener = idempotent(async (...given) => void seen.push(...given), options)
    const message = orderMessage('1')
    expect(await listener(message, context)).toBeUndefined()
    expect(seen).toEqual([message, context])
  })

  it('gives a listener of several messages those that are new, and its context', async () => {
    const { options, duplicates } = idempotentSetup()
    const seen: unknown[] = []
    const listener: MessageListenerConcurrently = idempotent(async (...given) => void seen.push(...given), options)
    const [first, second, third] = [orderMessage('1'), orderMessage('2'), orderMessage('3')]
    expect(await listener([second], context)).toBeUndefined()
    expect(await listener([first, second, third], context)).toBeUndefined()
    expect(seen).toEqual([[second], context, [first, third], context])
    expect(duplicates).toEqual(['2'])
  })

  it('does not call the listener where nothing is new', async () => {
    const { options, duplicates } = idempotentSetup()
    let calls = 0
    const listener = idempotent((messages: readonly MessageExt[]) => void (calls += messages.length), options)
    await listener([orderMessage('1')], context)
    await listener([orderMessage('1'), orderMessage('1')], context)
    expect(calls).toBe(1)
    expect(duplicates).toEqual(['1', '1'])
  })

  it('has what is in hand elsewhere come again later, from an unordered listener by the broker', async () => {
    const { options, store } = idempotentSetup()
    await store.inner.claim('billing/Orders/2', 'other', 60_000)
    const seen: string[] = []
    const listener = idempotent(
      (messages: readonly MessageExt[]) => void seen.push(...messages.map(message => message.text())),
      options,
    )
    const messages = ['1', '2', '3'].map(name => orderMessage(name))
    expect(await listener(messages, context)).toEqual({ status: 'RECONSUME_LATER', firstFailed: 1, delayLevel: 4 })
    expect(seen).toEqual(['1'])
  })

  it('has what is in hand elsewhere come again later, from an ordered listener in place', async () => {
    const { options, store } = idempotentSetup()
    await store.inner.claim('billing/Orders/1', 'other', 60_000)
    const listener: MessageListenerOrderly = idempotent(() => undefined, { ...options, ordered: 'queue' })
    const result = await listener([orderMessage('1')], context)
    expect(result).toEqual({ status: 'SUSPEND_CURRENT_QUEUE_A_MOMENT', suspendMs: 30_000 })
  })

  it('keeps groups apart that share a store', async () => {
    const { options } = idempotentSetup()
    const seen: string[] = []
    const listener = idempotent((_, { consumerGroup }) => void seen.push(consumerGroup), options)
    await listener(orderMessage('1'), context)
    await listener(orderMessage('1'), { ...context, consumerGroup: 'shipping' })
    expect(seen).toEqual(['billing', 'shipping'])
  })

  it('tells messages by their id where no key is given, so that retries count as one and repeated sends do not', async () => {
    const { options } = idempotentSetup()
    let calls = 0
    const listener = idempotent(() => void calls++, { store: options.store })
    await listener(orderMessage('same body', { UNIQ_KEY: 'id-1' }), context)
    await listener(orderMessage('same body', { UNIQ_KEY: 'id-1', RECONSUME_TIME: '1' }), context)
    expect(calls).toBe(1)
    await listener(orderMessage('same body', { UNIQ_KEY: 'id-2' }), context)
    expect(calls).toBe(2)
  })

  it('makes listeners that fit consumers of the same order, and does not compile for another', () => {
    const { options: more } = idempotentSetup()
    const { store } = more
    const newConsumer = (): PushConsumer => new PushConsumer({ namesrvAddr: '127.0.0.1:1', consumerGroup: 'billing' })
    const keyOf = (message: MessageExt): string | undefined => message.keys[0]
    const text = (message: MessageExt): string => message.text()
    newConsumer().consumeEach(idempotent(async message => void message.text(), { store }))
    newConsumer().consumeEach(idempotent(message => (text(message) === '' ? 'RECONSUME_LATER' : undefined), { store }))
    newConsumer().consumeEach(
      { concurrency: 8 },
      idempotent((message, { signal }) => void [message.keys, signal], { store }),
    )
    newConsumer().consume(idempotent(messages => void messages.map(text), { store, keyOf: message => message.keys[0] }))
    const partly = { status: 'RECONSUME_LATER', firstFailed: 1 } as const
    newConsumer().consume(
      { batchSize: 8 },
      idempotent(async messages => (messages.length > 1 ? partly : undefined), { store }),
    )
    for (const ordered of ['queue', 'key'] as const) {
      newConsumer().consumeEach(
        { ordered },
        idempotent(async message => void message.text(), { store, ordered }),
      )
      newConsumer().consume(
        { ordered },
        idempotent(async messages => (messages.length > 1 ? 'SUSPEND_CURRENT_QUEUE_A_MOMENT' : 'SUCCESS'), {
          store,
          ordered,
          keyOf,
        }),
      )
    }
    // @ts-expect-error results of unordered listeners are none of ordered ones
    newConsumer().consumeEach(
      { ordered: 'queue' },
      idempotent(async message => void message.text(), { store }),
    )
    // @ts-expect-error nor the other way round
    newConsumer().consumeEach(idempotent(async message => void message.text(), { store, ordered: 'key' }))
    // @ts-expect-error a listener of one message gets no array
    newConsumer().consume(idempotent(async (message: MessageExt) => void message.text(), { store }))
  })

  it('needs a listener, and options that are right, from the start', () => {
    const { options } = idempotentSetup()
    const wrong = expect.objectContaining({ code: 'INVALID_ARGUMENT' })
    expect(() => idempotent(undefined as unknown as () => void, options)).toThrow(wrong)
    expect(() => idempotent(() => undefined, {} as IdempotentOptions<'none'>)).toThrow(wrong)
    expect(() => idempotent(() => undefined, { ...options, leaseMs: 0 })).toThrow(wrong)
  })
})

describe('what an idempotent listener sets on its context', () => {
  it('as ackIndex counts the messages that it was given', async () => {
    const { options, store } = idempotentSetup()
    const listener = idempotent((messages: readonly MessageExt[], context: ConsumeConcurrentlyContext) => {
      context.ackIndex = 0
      context.delayLevelWhenNextConsume = 3
      expect(messages.map(message => message.text())).toEqual(['b', 'c'])
    }, options)
    await store.inner.claim('billing/Orders/a', 'other', 1000)
    await store.inner.done('billing/Orders/a', 'other', 1000)
    const context = consumeContext()
    const result = await listener(
      ['a', 'b', 'c'].map(name => orderMessage(name)),
      context,
    )
    expect(result).toEqual({ status: 'RECONSUME_LATER', firstFailed: 2, delayLevel: 3 })
    expect(context.ackIndex).toBeUndefined()
  })

  it('as a delay level sends no message to the dead letters that it has not seen', async () => {
    const { options, store } = idempotentSetup()
    const listener = idempotent((_messages: readonly MessageExt[], context: ConsumeConcurrentlyContext) => {
      context.delayLevelWhenNextConsume = -1
      throw new Error('poison')
    }, options)
    const all = consumeContext()
    await expect(listener([orderMessage('a')], all)).rejects.toThrow('poison')
    expect(all.delayLevelWhenNextConsume).toBe(-1)
    await store.inner.claim('billing/Orders/b', 'other', 60_000)
    const partly = consumeContext()
    await expect(listener([orderMessage('a'), orderMessage('b')], partly)).rejects.toThrow('poison')
    expect(partly.delayLevelWhenNextConsume).toBe(0)
  })

  it('is no commit by hand', async () => {
    const { options } = idempotentSetup()
    const listener = idempotent(
      (_message: MessageExt, context: ConsumeOrderlyContext) => {
        context.autoCommit = false
      },
      { ...options, ordered: 'queue' },
    )
    await expect(listener(orderMessage('a'), consumeContext())).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('autoCommit'),
    })
  })
})
