import { CHECK_CLIENT_CONFIG, GET_CONSUMER_LIST_BY_GROUP } from '../../lib/commands/client'
import { QUERY_CONSUMER_OFFSET, UPDATE_CONSUMER_OFFSET } from '../../lib/commands/offset'
import { PULL_MESSAGE } from '../../lib/commands/pull'
import { Interest } from '../../lib/consumer/lite-pull/interest'
import { LiteConsumption } from '../../lib/consumer/lite-pull/lite-consumption'
import {
  type LitePullConsumerOptions,
  resolveLitePullConsumerOptions,
} from '../../lib/consumer/lite-pull/lite-pull-consumer-options'
import type { RocketMQError } from '../../lib/errors'
import type { SubscriptionExpression } from '../../lib/model/message-selector'
import type { MessageQueue } from '../../lib/model/message-queue'
import { FakeClient } from './fake-client'
import { type PullAnswer, found } from './pull-setup'
import { NO_TELEMETRY } from './no-telemetry'

/** A queue of the topic of the tests, or of another. */
export const queue = (queueId: number, topic = 'T'): MessageQueue => ({ topic, brokerName: 'a', queueId })
/** A poll that does not wait. */
export const NOW = { timeoutMs: 0, signal: undefined }

interface Setup {
  readonly options?: Partial<LitePullConsumerOptions>
  /** Shared with the group; undefined: the test chooses queues. */
  readonly expression?: SubscriptionExpression
  readonly shared?: boolean
}

/** The parts of a lite pull consumer of a topic of two queues, on which the group is at 5. */
export async function liteConsumptionSetup({ options = {}, expression = '*', shared = true }: Setup = {}) {
  const client = new FakeClient()
  await client.knownTopic('T', { a: 2 })
  const members = { ids: [client.clientId] }
  const stored = new Map<number, PullAnswer[]>()
  client.on(GET_CONSUMER_LIST_BY_GROUP, () => ({ code: 'SUCCESS', body: { consumerIdList: members.ids } }))
  client.on(QUERY_CONSUMER_OFFSET, () => ({ code: 'SUCCESS', header: { offset: 5 } }))
  client.on(UPDATE_CONSUMER_OFFSET, () => ({ code: 'SUCCESS' }))
  client.on(CHECK_CLIENT_CONFIG, () => ({ code: 'SUCCESS' }))
  client.on(
    PULL_MESSAGE,
    ({ header }) => stored.get(header['queueId'] as number)?.shift() ?? new Promise(() => undefined),
  )
  const interest = new Interest(client.clock, 'g')
  if (shared) interest.subscribe('T', expression).apply()
  const [errors, events]: [RocketMQError[], string[]] = [[], []]
  const ids = (queues: readonly MessageQueue[]) => queues.map(({ queueId }) => queueId).join()
  const consumption = new LiteConsumption({
    client: client.asClient,
    options: resolveLitePullConsumerOptions({ consumerGroup: 'g', ...options }),
    interest,
    telemetry: NO_TELEMETRY,
    onAssigned: queues => events.push(`assigned ${ids(queues)}`),
    onRevoked: queues => events.push(`revoked ${ids(queues)}`),
    onQueuesChanged: (topic, queues) => events.push(`${topic} has ${ids(queues)}`),
    onLag: ({ status, measure, value }) => events.push(`lag ${status} ${measure} ${value}`),
    onBackgroundError: error => errors.push(error),
  })
  /** Has a queue hold messages of these offsets. */
  const store = (queueId: number, ...offsets: number[]) =>
    stored.set(
      queueId,
      offsets.map(queueOffset => found(queueOffset + 1, { queueId, queueOffset })),
    )
  const poll = async () => {
    await client.settle()
    return (await consumption.poll(NOW)).map(({ queueId, queueOffset }) => `${queueId}:${queueOffset}`)
  }
  const commits = () =>
    client
      .sent(UPDATE_CONSUMER_OFFSET)
      .map(({ header, oneway }) => `${String(header['queueId'])}:${String(header['commitOffset'])}${oneway ? '' : '!'}`)
  const asked = () =>
    client.sent(PULL_MESSAGE).map(({ header }) => `${String(header['queueId'])}:${String(header['queueOffset'])}`)
  const stop = async () => {
    const stopped = consumption.stop()
    await client.settle()
    await stopped
  }
  return { client, members, stored, store, interest, consumption, errors, events, poll, commits, asked, stop }
}
