import type { Producer } from '../producer/producer'

/** One way to send. Its messages carry `tag`. */
export interface QuickstartStep {
  readonly tag: string
  readonly says: string
  readonly messages: number
  readonly run: (producer: Producer, topic: string) => Promise<unknown>
}

/** Every way to send, as `quickstart-script.ts` shows them. */
export const QUICKSTART_STEPS: readonly QuickstartStep[] = [
  {
    tag: 'send',
    says: 'send: the promise is the answer',
    messages: 1,
    run: (producer, topic) => producer.send({ topic, tags: 'send', body: '你好, RocketMQ' }),
  },
  {
    tag: 'batch',
    says: 'send: an array is one batch',
    messages: 3,
    run: (producer, topic) => producer.send(['one', 'two', 'three'].map(body => ({ topic, tags: 'batch', body }))),
  },
  {
    tag: 'async',
    says: 'sendAsync: the answer by callback',
    messages: 1,
    run: (producer, topic) =>
      new Promise<void>((resolve, reject) => {
        const message = { topic, tags: 'async', body: 'answered by callback' }
        producer.sendAsync(message, error => (error ? reject(error) : resolve()))
      }),
  },
  {
    tag: 'oneway',
    says: 'sendOneway: no answer',
    messages: 1,
    run: (producer, topic) => producer.sendOneway({ topic, tags: 'oneway', body: 'no answer wanted' }),
  },
  {
    tag: 'ordered',
    says: 'send with a sharding key: one queue',
    messages: 3,
    run: sendOrdered,
  },
  {
    tag: 'delayed',
    says: 'send with delay level 1: 1 s later',
    messages: 1,
    run: (producer, topic) => producer.send({ topic, tags: 'delayed', body: 'one second later', delayTimeLevel: 1 }),
  },
]

async function sendOrdered(producer: Producer, topic: string): Promise<void> {
  for (const body of ['created', 'paid', 'shipped']) {
    await producer.send({ topic, tags: 'ordered', body }, { shardingKey: 'order-7' })
  }
}
