import type { ClientInstance } from '../client/client-instance'
import { type ConsumerRunningInfo, GET_CONSUMER_RUNNING_INFO } from '../commands/consumer-status'
import type { SubscriptionData } from '../model/consumer-types'
import { type RunningProperties, propertyTexts, runningProperties } from './running-properties'

/** Who is asked. */
export interface ActiveQuestionsOptions {
  readonly client: Pick<ClientInstance, 'clock' | 'handle' | 'nameServers'>
  readonly consumerGroup: string
  readonly subscriptions: { readonly all: readonly SubscriptionData[] }
  /** Of plain values, those of the options that are of interest to administrators. */
  readonly properties: RunningProperties
  /** What is under way, in a line or several. */
  readonly doing: () => string
}

/**
 * Answers what administrators ask, by way of a broker, a consumer that has no queues of its own and calls no listener.
 * @returns ends that
 */
export function answerQuestions({ client, consumerGroup, ...told }: ActiveQuestionsOptions): () => void {
  const startedAt = client.clock.now()
  const infoOf = (jstack: boolean): ConsumerRunningInfo => ({
    properties: propertyTexts({
      ...runningProperties(client.nameServers.addresses, 'CONSUME_ACTIVELY', startedAt),
      ...told.properties,
    }),
    subscriptionSet: told.subscriptions.all,
    mqTable: [],
    statusTable: new Map(),
    ...(jstack ? { jstack: told.doing() } : {}),
  })
  return client.handle(GET_CONSUMER_RUNNING_INFO, consumerGroup, ({ header }) => ({
    code: 'SUCCESS' as const,
    body: infoOf(header.jstackEnable === true),
  }))
}
