import { expectTypeOf } from 'expect-type'
import { TransactionProducer } from '../../lib/index'
import type {
  LocalTransactionState,
  Message,
  MessageExt,
  MessageQueue,
  Producer,
  ProducerEvents,
  ProducerOptions,
  ProducerStats,
  RocketMQError,
  SendResult,
  SendStatus,
  TransactionProducerOptions,
  TransactionSendResult,
} from '../../lib/index'

declare const producer: Producer
declare const transactions: TransactionProducer
declare const message: Message
declare const received: MessageExt

// One message or a batch, and the ways to choose its queue: all have the same result.
expectTypeOf(producer.send(message)).resolves.toEqualTypeOf<SendResult>()
expectTypeOf(producer.send([message, message] as const, { timeoutMs: 1000 })).resolves.toEqualTypeOf<SendResult>()
expectTypeOf(producer.send(message, { shardingKey: 'k' })).resolves.toEqualTypeOf<SendResult>()
expectTypeOf(
  producer.send(message, {
    selector: (queues, sent, arg) => {
      expectTypeOf(queues).toEqualTypeOf<readonly MessageQueue[]>()
      expectTypeOf(sent).toEqualTypeOf<Message>()
      expectTypeOf(arg).toBeUnknown()
      return queues[0] as MessageQueue
    },
    arg: 7,
  }),
).resolves.toEqualTypeOf<SendResult>()
expectTypeOf(producer.sendOneway(message)).resolves.toBeVoid()
expectTypeOf(producer.request(message, { timeoutMs: 3000 })).resolves.toEqualTypeOf<MessageExt>()
expectTypeOf(producer.reply(received, 'body')).resolves.toEqualTypeOf<SendResult>()
expectTypeOf(producer.recall('T', 'handle')).resolves.toBeString()
expectTypeOf(producer.publishMessageQueues('T')).resolves.toEqualTypeOf<MessageQueue[]>()
expectTypeOf(
  producer.sendAsync(message, (error, result) => {
    expectTypeOf(error).toEqualTypeOf<RocketMQError | Error | undefined>()
    expectTypeOf(result).toEqualTypeOf<SendResult | undefined>()
  }),
).toBeVoid()

// A result can only be read, and its parts are named as in Java.
expectTypeOf<SendResult['sendStatus']>().toEqualTypeOf<SendStatus>()
expectTypeOf<SendStatus>().extract<'SEND_OK'>().toEqualTypeOf<'SEND_OK'>()
expectTypeOf<SendResult['results']>().toEqualTypeOf<readonly SendResult[] | undefined>()
expectTypeOf<SendResult>().not.toEqualTypeOf<{ -readonly [K in keyof SendResult]: SendResult[K] }>()

// A message's body is bytes or text; a wrong field is refused.
expectTypeOf<{ topic: string; body: string }>().toExtend<Message>()
expectTypeOf<{ topic: string; body: Uint8Array }>().toExtend<Message>()
expectTypeOf<{ topic: string; body: { a: number } }>().not.toExtend<Message>()
// @ts-expect-error a message has one topic and a body
producer.send({ body: 'x' }).catch(() => undefined)
// @ts-expect-error the tag is `tags`
producer.send({ topic: 'T', tag: 'paid', body: 'x' }).catch(() => undefined)
// @ts-expect-error the callback stands last
expectTypeOf(producer.sendAsync).toBeCallableWith(message, () => undefined, {})
// @ts-expect-error durations are numbers of milliseconds
producer.send(message, { timeoutMs: '3s' }).catch(() => undefined)

// Options.
expectTypeOf<{ producerGroup: string }>().toExtend<ProducerOptions>()
// @ts-expect-error a producer has a group
const groupless: ProducerOptions = { namesrvAddr: 'a:1' }
// @ts-expect-error Java's name of sendTimeoutMs
const javaName: ProducerOptions = { producerGroup: 'g', sendMsgTimeout: 3000 }
// @ts-expect-error credentials are a key and its secret
const halfCredentials: ProducerOptions = { producerGroup: 'g', credentials: { accessKey: 'a' } }
// @ts-expect-error a transaction producer needs its listener
const deaf: TransactionProducerOptions = { producerGroup: 'g' }
expectTypeOf([groupless, javaName, halfCredentials, deaf]).toBeArray()

// Events and figures.
producer.on('backgroundError', error => expectTypeOf(error).toEqualTypeOf<RocketMQError>())
expectTypeOf<keyof ProducerEvents>().toEqualTypeOf<'backgroundError'>()
// @ts-expect-error nothing is named `error`
producer.on('error', () => undefined)
expectTypeOf(producer.stats()).toEqualTypeOf<ProducerStats>()
expectTypeOf(producer.stats().inFlight).toBeNumber()
expectTypeOf(producer.stats().state).extract<'running'>().toEqualTypeOf<'running'>()

// Transactions.
expectTypeOf(transactions).toExtend<Producer>()
expectTypeOf(transactions.sendInTransaction(message, { order: 1 })).resolves.toEqualTypeOf<TransactionSendResult>()
expectTypeOf<TransactionSendResult>().toExtend<SendResult>()
expectTypeOf<LocalTransactionState>().toEqualTypeOf<'COMMIT_MESSAGE' | 'ROLLBACK_MESSAGE' | 'UNKNOW'>()
const listening = new TransactionProducer({
  producerGroup: 'g',
  transactionListener: {
    executeLocalTransaction: async (sent, arg, { transactionId }) => {
      expectTypeOf(sent).toEqualTypeOf<Message>()
      expectTypeOf(arg).toBeUnknown()
      expectTypeOf(transactionId).toBeString()
      return 'COMMIT_MESSAGE'
    },
    checkLocalTransaction: checked => {
      expectTypeOf(checked).toEqualTypeOf<MessageExt>()
      return 'UNKNOW'
    },
  },
})
expectTypeOf(listening).toEqualTypeOf<TransactionProducer>()
