import { expectTypeOf } from 'expect-type'
import type {
  ConsumeConcurrentlyContext,
  ConsumeOrderlyContext,
  ConsumerLag,
  LagAlarm,
  LitePullConsumer,
  MessageExt,
  MessageQueue,
  OffsetStore,
  PullConsumer,
  PullResult,
  PushConsumer,
  PushConsumerEvents,
  PushConsumerOptions,
  PushConsumerStats,
  QueueStats,
  RocketMQError,
  SimpleConsumer,
} from '../../lib/index'

declare const consumer: PushConsumer
declare const lite: LitePullConsumer
declare const pull: PullConsumer
declare const simple: SimpleConsumer
declare const message: MessageExt
declare const queue: MessageQueue

// What a listener is told follows `ordered`.
consumer.consume((messages, context) => {
  expectTypeOf(messages).toEqualTypeOf<readonly MessageExt[]>()
  expectTypeOf(context).toEqualTypeOf<ConsumeConcurrentlyContext>()
})
consumer.consume(
  { ordered: 'none' },
  (_, context) => expectTypeOf(context).toEqualTypeOf<ConsumeConcurrentlyContext>() && undefined,
)
consumer.consume({ ordered: 'queue' }, (_, context) => {
  expectTypeOf(context).toEqualTypeOf<ConsumeOrderlyContext>()
})
consumer.consumeEach({ ordered: 'key', concurrency: { min: 1, max: 9 } }, (one, context) => {
  expectTypeOf(one).toEqualTypeOf<MessageExt>()
  expectTypeOf(context).toEqualTypeOf<ConsumeOrderlyContext>()
})

// And so does what it returns.
expectTypeOf(consumer.consume(async () => 'CONSUME_SUCCESS')).toEqualTypeOf<PushConsumer>()
consumer.consume(() => undefined)
consumer.consume(async () => ({ status: 'RECONSUME_LATER', delayLevel: 3, firstFailed: 1 }))
consumer.consume({ ordered: 'queue' }, async () => 'ROLLBACK')
consumer.consume({ ordered: 'key' }, () => ({ status: 'SUSPEND_CURRENT_QUEUE_A_MOMENT', suspendMs: 100 }))
// @ts-expect-error a result of listeners in order
consumer.consume(() => 'SUSPEND_CURRENT_QUEUE_A_MOMENT')
// @ts-expect-error a result of listeners without order
consumer.consume({ ordered: 'queue' }, () => 'RECONSUME_LATER')
// @ts-expect-error a result of nobody
consumer.consumeEach(async () => 'OK')
// @ts-expect-error no such order
consumer.consume({ ordered: 'topic' }, () => undefined)
// @ts-expect-error there is no context without order to end a queue's transaction
consumer.consume((_, { autoCommit }) => autoCommit && undefined)

// Options.
expectTypeOf<{ consumerGroup: string }>().toExtend<PushConsumerOptions>()
// @ts-expect-error a consumer has a group
const groupless: PushConsumerOptions = { namesrvAddr: 'a:1' }
// @ts-expect-error names are Java's
const model: PushConsumerOptions = { consumerGroup: 'g', messageModel: 'broadcasting' }
// @ts-expect-error the listener's own options are given to consume()
const listeners: PushConsumerOptions = { consumerGroup: 'g', consumeMessageBatchMaxSize: 1 }
// @ts-expect-error a store does all that one must
const store: PushConsumerOptions = { consumerGroup: 'g', offsetStore: { load: async () => undefined } }
expectTypeOf([groupless, model, listeners, store]).toBeArray()
expectTypeOf<OffsetStore['read']>().returns.resolves.toEqualTypeOf<number | undefined>()
consumer.subscribe('T').subscribe('U', 'a || b').subscribe('V', { sql92: 'amount > 10' })
// @ts-expect-error a condition is an object
consumer.subscribe('T', { sql: 'amount > 10' })

// Events and figures.
consumer.on('assigned', queues => expectTypeOf(queues).toEqualTypeOf<readonly MessageQueue[]>())
consumer.on('revoked', queues => expectTypeOf(queues).toEqualTypeOf<readonly MessageQueue[]>())
consumer.on('lag', alarm => expectTypeOf(alarm).toEqualTypeOf<LagAlarm>())
consumer.on('backgroundError', error => expectTypeOf(error).toEqualTypeOf<RocketMQError>())
consumer.once('listenerError', (error, messages) => {
  expectTypeOf(error).toEqualTypeOf<Error>()
  expectTypeOf(messages).toEqualTypeOf<readonly MessageExt[]>()
})
expectTypeOf<'error'>().not.toExtend<keyof PushConsumerEvents>()
expectTypeOf(consumer.stats()).toEqualTypeOf<PushConsumerStats>()
expectTypeOf(consumer.stats().queues).toEqualTypeOf<readonly QueueStats[]>()
expectTypeOf<QueueStats['lag']>().toBeNumber()
expectTypeOf(consumer.lag()).resolves.toEqualTypeOf<ConsumerLag>()

// The consumers that are asked.
expectTypeOf(lite.poll({ timeoutMs: 100 })).resolves.toEqualTypeOf<MessageExt[]>()
expectTypeOf(lite).toExtend<AsyncIterable<MessageExt[], void>>()
expectTypeOf(lite.committed(queue)).resolves.toEqualTypeOf<number | undefined>()
expectTypeOf(pull.pull(queue, { offset: 0 })).resolves.toEqualTypeOf<PullResult>()
expectTypeOf(pull.fetchConsumeOffset(queue)).resolves.toEqualTypeOf<number | undefined>()
// @ts-expect-error a pull begins somewhere
pull.pull(queue, {}).catch(() => undefined)
expectTypeOf(simple.receive()).resolves.toEqualTypeOf<readonly MessageExt[]>()
expectTypeOf(simple.ack(message)).resolves.toBeVoid()

// A received message.
expectTypeOf(message.body).toEqualTypeOf<Buffer>()
expectTypeOf(message.text()).toBeString()
expectTypeOf(message.json()).toBeUnknown()
expectTypeOf(message.json<{ id: number }>()).toEqualTypeOf<{ id: number }>()
expectTypeOf(message.copy()).toEqualTypeOf<MessageExt>()
expectTypeOf(message.queueOffset).toBeNumber()
// @ts-expect-error it can only be read
message.topic = 'other'
