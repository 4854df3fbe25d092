import type { CHECK_CLIENT_CONFIG } from '../../commands/client'
import type { ReplyOf, RequestOf } from '../../commands/command'
import { RocketMQError } from '../../errors'
import { isTagType } from '../../model/subscription'
import type { Broker } from '../broker'
import { refusal } from '../refusal'
import { checkType } from './pull-filter'

/** Whether the broker filters by an expression. */
export function checkClientConfig(
  broker: Broker,
  { body }: RequestOf<typeof CHECK_CLIENT_CONFIG>,
): ReplyOf<typeof CHECK_CLIENT_CONFIG> {
  const { subscriptionData } = body
  if (subscriptionData === undefined || isTagType(subscriptionData.expressionType)) return { code: 'SUCCESS' }
  const { expressionType, subString } = subscriptionData
  checkType(broker, expressionType)
  try {
    broker.state.filters.compile(expressionType, subString)
  } catch (error) {
    throw RocketMQError.is(error) ? refusal('SUBSCRIPTION_PARSE_FAILED', error.message) : error
  }
  return { code: 'SUCCESS' }
}
