import { checkSubscription } from '../../client/check-subscription'
import type { ClientInstance } from '../../client/client-instance'
import type { RocketMQError } from '../../errors'
import { isTagType } from '../../model/subscription'
import { asTyped } from '../as-typed'
import type { SubscriptionChange } from './subscriptions'

/** Whose subscription is changed, and who hears of it. */
export interface SubscriptionChanger {
  readonly group: string
  /** Undefined unless the consumer runs: its start asks brokers by itself. */
  readonly client: ClientInstance | undefined
  readonly onChanged: (topic: string) => void
  /** Brokers refuse the subscription, and all stays as it was. */
  readonly onBackgroundError: (error: RocketMQError) => void
}

/** Makes a subscription: at once, or where it is a condition after brokers were asked about it. */
export function applySubscription({ subscription, apply }: SubscriptionChange, changer: SubscriptionChanger): void {
  const { group, client, onChanged, onBackgroundError } = changer
  const { topic, expressionType } = subscription
  const finish = (): void => {
    if (apply()) onChanged(topic)
  }
  if (client === undefined || isTagType(expressionType)) {
    finish()
    return
  }
  checkSubscription(client, { group, subscription, onBackgroundError }, {}).then(finish, (error: unknown) => {
    client.log.warn('a subscription could not be changed', { topic, error })
    onBackgroundError(asTyped(error, `the subscription of ${topic} could not be changed`, { topic }))
  })
}
