import { GET_CONSUMER_LIST_BY_GROUP, LOCK_BATCH_MQ, UNLOCK_BATCH_MQ, type LockBatch } from '../../lib/commands/client'
import { QUERY_CONSUMER_OFFSET, UPDATE_CONSUMER_OFFSET } from '../../lib/commands/offset'
import { PULL_MESSAGE } from '../../lib/commands/pull'
import { CONSUMER_SEND_MSG_BACK } from '../../lib/commands/send'
import { Consumption } from '../../lib/consumer/push/consumption'
import { type PushConsumerOptions, resolvePushConsumerOptions } from '../../lib/consumer/push/push-consumer-options'
import { Subscriptions } from '../../lib/consumer/rebalance/subscriptions'
import type { RocketMQError } from '../../lib/errors'
import type { MessageQueue } from '../../lib/model/message-queue'
import { FakeClient, type SentRequest, deferred } from './fake-client'
import { recordBytes } from './records'
import { NO_TELEMETRY } from './no-telemetry'

/** A queue of the consumption's topic. */
export const queue = (queueId: number): MessageQueue => ({ topic: 'T', brokerName: 'a', queueId })

interface Call {
  readonly text: string
  readonly end: (result?: unknown) => void
}

type Given = Partial<PushConsumerOptions> & { ordered?: 'none' | 'queue' | 'key' }

/** A consumption of two queues that begin at 5; queue 0 has one message, and then pulls are held. */
export async function setup({ ordered = 'none', ...given }: Given = {}) {
  const client = new FakeClient()
  await client.knownTopic('T', { a: 2 })
  const members = { ids: [client.clientId] }
  const state = { messages: 1 }
  client.on(GET_CONSUMER_LIST_BY_GROUP, () => ({ code: 'SUCCESS', body: { consumerIdList: members.ids } }))
  client.on(QUERY_CONSUMER_OFFSET, () => ({ code: 'SUCCESS', header: { offset: 5 } }))
  client.on(UPDATE_CONSUMER_OFFSET, () => ({ code: 'SUCCESS' }))
  client.on(CONSUMER_SEND_MSG_BACK, () => ({ code: 'SUCCESS' }))
  client.on(LOCK_BATCH_MQ, ({ body }) => ({ code: 'SUCCESS', body: { lockOKMQSet: (body as LockBatch).mqSet } }))
  client.on(UNLOCK_BATCH_MQ, () => ({ code: 'SUCCESS' }))
  client.on(PULL_MESSAGE, ({ header }) => {
    const queueOffset = header['queueOffset'] as number
    if (header['queueId'] !== 0 || state.messages === 0) return deferred().promise
    state.messages--
    const answer = { suggestWhichBrokerId: 0, nextBeginOffset: queueOffset + 1, minOffset: 0, maxOffset: 99 }
    return {
      code: 'SUCCESS',
      header: answer,
      body: recordBytes({ topic: 'T', queueId: 0, queueOffset, body: Buffer.from('m') }),
    }
  })
  const subscriptions = new Subscriptions(client.clock)
  subscriptions.add('T', '*')
  const calls: Call[] = []
  const events: string[] = []
  const errors: RocketMQError[] = []
  const listener = (messages: readonly { text(): string }[]): Promise<never> => {
    const { promise, resolve } = deferred<unknown>()
    calls.push({ text: messages.map(message => message.text()).join(), end: resolve })
    return promise as Promise<never>
  }
  const consumption = new Consumption({
    client: client.asClient,
    options: resolvePushConsumerOptions({ consumerGroup: 'g', ...given }),
    listener: { ordered, listener, batchSize: 1, concurrency: { min: 4, max: 4 }, rateLimit: undefined },
    subscriptions,
    telemetry: NO_TELEMETRY,
    events: {
      onAssigned: queues => events.push(`assigned ${queues.map(({ queueId }) => queueId).join()}`),
      onRevoked: queues => events.push(`revoked ${queues.map(({ queueId }) => queueId).join()}`),
      onListenerError: error => events.push(`listener: ${error.message}`),
      onLag: ({ status, measure, value }) => events.push(`lag ${status} ${measure} ${value}`),
      onBackgroundError: error => errors.push(error),
    },
  })
  const commits = (): unknown[] => client.sent(UPDATE_CONSUMER_OFFSET).map(commitOf)
  return { client, members, state, subscriptions, calls, events, errors, consumption, commits }
}

function commitOf({ header, oneway }: SentRequest): unknown {
  return `${String(header['queueId'])}:${String(header['commitOffset'])}${oneway ? '' : ' confirmed'}`
}

type Setup = Awaited<ReturnType<typeof setup>>

/** Such a consumption, started. */
export async function started(given: Given = {}): Promise<Setup> {
  const test = await setup(given)
  await test.consumption.start()
  await test.client.settle()
  return test
}

/** Ends the consumption, and the listeners that run. */
export async function finish({ client, calls, consumption }: Setup): Promise<void> {
  const ending = consumption.stop(1000)
  await client.settle()
  for (const call of calls) call.end()
  await ending
}
