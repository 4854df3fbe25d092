import { PULL_MESSAGE } from '../../lib/commands/pull'
import { TopicRates } from '../../lib/consumer/push/consume-rates'
import { ProcessQueue, type ProcessQueueLimits } from '../../lib/consumer/push/process-queue'
import { PullLoop, type PullLoopOptions } from '../../lib/consumer/push/pull-loop'
import { type PushConsumerOptions, resolvePushConsumerOptions } from '../../lib/consumer/push/push-consumer-options'
import type { RocketMQError } from '../../lib/errors'
import type { MessageQueue } from '../../lib/model/message-queue'
import { buildSubscriptionData } from '../../lib/model/subscription'
import { Gate } from '../../lib/runtime/gate'
import type { StoredRecord } from '../../lib/wire/stored-message-encoder'
import { FakeClient, deferred } from './fake-client'
import { recordBytes } from './records'

/** What a broker answers to a pull. */
export interface PullAnswer {
  readonly code: string
  readonly header: Record<string, number>
  readonly body?: Buffer
}

type Setup = Partial<PullLoopOptions> & {
  topic?: string
  expression?: string | undefined
  consumer?: Partial<PushConsumerOptions>
  limits?: Partial<ProcessQueueLimits>
}

/** Pulls of a client, which wait for what the test answers. */
function pullsOf(client: FakeClient): { answer: (reply: PullAnswer | Error) => void }[] {
  const pulls: { answer: (reply: PullAnswer | Error) => void }[] = []
  client.on(PULL_MESSAGE, () => {
    const { promise, resolve, reject } = deferred<PullAnswer>()
    pulls.push({ answer: reply => (reply instanceof Error ? reject(reply) : resolve(reply)) })
    return promise
  })
  return pulls
}

/** A loop of a queue that begins at 10, whose pulls the test answers. */
export async function pullSetup({
  topic = 'Orders',
  expression = '*',
  consumer = {},
  limits = {},
  ...options
}: Setup = {}) {
  const client = new FakeClient()
  await client.knownTopic(topic, { 'broker-a': 4 })
  const pulls = pullsOf(client)
  const queue: MessageQueue = { topic, brokerName: 'broker-a', queueId: 1 }
  const processQueue = new ProcessQueue(queue, 10, { maxMessages: 100, maxBytes: 1e6, maxSpan: undefined, ...limits })
  const [submitted, committed, moved, stalled]: [number[], number[], number[], number[]] = [[], [], [], []]
  const errors: RocketMQError[] = []
  const state = {
    subscription: buildSubscriptionData(topic, expression, 77) as never,
    current: undefined as number | undefined,
  }
  const gates = [new Gate(), new Gate()] as const
  const loop = new PullLoop({
    rates: new TopicRates(),
    client: client.asClient,
    options: resolvePushConsumerOptions({ consumerGroup: 'g', ...consumer }),
    processQueue,
    retryTopic: '%RETRY%g',
    subscription: () => state.subscription,
    gates,
    locks: undefined,
    offsetStore: { current: () => state.current, update: (_queue, offset) => committed.push(offset) },
    service: { submit: () => submitted.push(pulls.length) },
    onStalled: () => stalled.push(client.clock.monotonic()),
    onOffsetMoved: (_queue, offset) => moved.push(offset),
    onBackgroundError: error => errors.push(error),
    ...options,
  })
  /** Answers the newest pull. */
  const answer = async (reply: PullAnswer | Error): Promise<void> => {
    pulls.at(-1)?.answer(reply)
    await client.settle()
  }
  const headers = () => client.sent(PULL_MESSAGE).map(({ header }) => header)
  loop.start()
  await client.settle()
  return {
    client,
    pulls,
    processQueue,
    submitted,
    committed,
    moved,
    stalled,
    errors,
    state,
    gates,
    loop,
    answer,
    headers,
  }
}

/** An answer with messages of queue 1. */
export function found(nextBeginOffset: number, ...records: Partial<StoredRecord>[]): PullAnswer {
  const body = Buffer.concat(records.map(fields => recordBytes({ queueId: 1, ...fields })))
  return { ...none('SUCCESS', nextBeginOffset), body }
}

/** An answer without messages. */
export function none(code: string, nextBeginOffset: number, more: Record<string, number> = {}): PullAnswer {
  return {
    code,
    header: { suggestWhichBrokerId: 0, nextBeginOffset, minOffset: 0, maxOffset: 90, ...more },
    body: Buffer.alloc(0),
  }
}
