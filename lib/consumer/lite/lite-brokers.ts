import type { ClientInstance } from '../../client/client-instance'
import { type LiteOffsetOption, type LiteSubscriptionAction, LITE_SUBSCRIPTION_CTL } from '../../commands/lite'
import { BrokerError, RocketMQError } from '../../errors'
import { MASTER_ID } from '../../model/topic-route'
import type { CallOptions } from '../../remoting/remoting-client'

export interface LiteBrokersOptions {
  readonly client: ClientInstance
  readonly consumerGroup: string
  /** The parent of the lite topics. */
  readonly topic: string
}

/** What brokers are told of lite topics. */
export interface LiteChange {
  readonly action: LiteSubscriptionAction
  readonly liteTopics: readonly string[]
  readonly offsetOption?: LiteOffsetOption | undefined
}

/** The brokers of a topic of type LITE, and what they are told of this client's lite topics. */
export class LiteBrokers {
  readonly #options: LiteBrokersOptions
  #version = 0

  constructor(options: LiteBrokersOptions) {
    this.#options = options
  }

  /** Names and addresses of the masters. @throws RocketMQError TOPIC_NOT_FOUND, NO_NAME_SERVER */
  async masters(call: CallOptions): Promise<readonly { readonly brokerName: string; readonly address: string }[]> {
    const { client, topic } = this.#options
    const route = client.routes.get(topic) ?? (await client.routes.refresh(topic, call))
    if (route === undefined)
      throw new RocketMQError('TOPIC_NOT_FOUND', `no name server knows topic ${topic}: create it first`, { topic })
    return route.brokerDatas.flatMap(({ brokerName, brokerAddrs }) => {
      const address = brokerAddrs.get(MASTER_ID)
      return address === undefined ? [] : [{ brokerName, address }]
    })
  }

  /**
   * Tells every master; each keeps those of the lite topics that it has, or is to have.
   * @throws RocketMQError UNSUPPORTED_BY_BROKER where one is older than 5.5
   * @throws BrokerError where one refuses: LITE_SUBSCRIPTION_QUOTA_EXCEEDED, or a group that it does not have
   */
  async tell({ action, liteTopics, offsetOption }: LiteChange, call: CallOptions): Promise<void> {
    const { client, consumerGroup: group, topic } = this.#options
    const change = { action, clientId: client.clientId, group, topic, liteTopicSet: liteTopics, offsetOption }
    const body = { subscriptionSet: [{ ...change, version: ++this.#version }] }
    const masters = await this.masters(call)
    await Promise.all(
      masters.map(({ address }) =>
        client.remoting.invoke(address, LITE_SUBSCRIPTION_CTL, { body }, call).catch((error: unknown) => {
          throw asLiteError(error, address)
        }),
      ),
    )
  }
}

/** What an error is for someone who wants lite topics: servers that do not know the request are too old, or proxies. */
export function asLiteError(error: unknown, address: string): unknown {
  if (!BrokerError.is(error, 'REQUEST_CODE_NOT_SUPPORTED')) return error
  const says = `the server at ${address} is older than 5.5, or a proxy, and serves no lite topics`
  return new RocketMQError('UNSUPPORTED_BY_BROKER', says, { address, cause: error })
}
