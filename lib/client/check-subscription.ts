import { CHECK_CLIENT_CONFIG } from '../commands/client'
import { BrokerError, RocketMQError } from '../errors'
import type { SubscriptionData } from '../model/consumer-types'
import { isTagType } from '../model/subscription'
import { MASTER_ID, type TopicRoute } from '../model/topic-route'
import type { CallOptions, RemotingClient } from '../remoting/remoting-client'
import type { RouteTable } from '../routing/route-table'

/** Who asks. */
export interface SubscriptionChecker {
  readonly clientId: string
  readonly remoting: Pick<RemotingClient, 'invoke'>
  readonly routes: Pick<RouteTable, 'fetch'>
}

/** What is asked. */
export interface SubscriptionQuestion {
  readonly group: string
  readonly subscription: SubscriptionData
  /** Hears of brokers that could not be asked. */
  readonly onBackgroundError: (error: RocketMQError) => void
}

/**
 * Asks every broker of a topic whether it filters by the expression of a subscription; nobody is asked about tags. Brokers
 * that give no verdict, since they are down or busy, hold nothing up.
 *
 * It comes before the first heartbeat: with a wrong expression that would take the right one of the group's other members
 * away.
 * @throws RocketMQError INVALID_EXPRESSION where a broker does not understand it, UNSUPPORTED_BY_BROKER where one has such
 * filters switched off or does not know them, NO_NAME_SERVER
 */
export async function checkSubscription(
  client: SubscriptionChecker,
  { group, subscription, onBackgroundError }: SubscriptionQuestion,
  call: CallOptions,
): Promise<void> {
  const { topic, expressionType } = subscription
  if (isTagType(expressionType)) return
  const route = await client.routes.fetch(topic, call)
  const body = { clientId: client.clientId, group, subscriptionData: subscription }
  const ask = async (address: string): Promise<RocketMQError | undefined> => {
    try {
      await client.remoting.invoke(address, CHECK_CLIENT_CONFIG, { body }, call)
    } catch (error) {
      if (call.signal?.aborted === true) throw error
      const verdict = verdictOf(error, subscription, address)
      if (verdict !== undefined) return verdict
      if (!RocketMQError.is(error)) throw error
      onBackgroundError(error)
    }
    return undefined
  }
  const verdicts = await Promise.all(addressesOf(route).map(ask))
  const verdict = verdicts.find(each => each !== undefined)
  if (verdict !== undefined) throw verdict
}

/** Of each broker the master, else any. */
function addressesOf(route: TopicRoute | undefined): string[] {
  const brokers = route?.brokerDatas ?? []
  return brokers.flatMap(({ brokerAddrs }) => brokerAddrs.get(MASTER_ID) ?? [...brokerAddrs.values()].slice(0, 1))
}

/** Java's words; the code alone is that of any failure of a broker. */
const SWITCHED_OFF = 'does not support consumer to filter message'

function verdictOf(
  error: unknown,
  { topic, subString, expressionType }: SubscriptionData,
  address: string,
): RocketMQError | undefined {
  const details = { topic, address, cause: error }
  if (BrokerError.is(error, 'SUBSCRIPTION_PARSE_FAILED')) {
    const [reason = ''] = (error.remark ?? '').split('\n')
    const says = `broker ${address} does not understand the ${expressionType} expression '${subString}' of topic ${topic}: ${reason}`
    return new RocketMQError('INVALID_EXPRESSION', says, details)
  }
  if (BrokerError.is(error, 'SYSTEM_ERROR') && error.remark?.includes(SWITCHED_OFF) === true) {
    const says = `broker ${address} does not filter topic ${topic} by ${expressionType}: set enablePropertyFilter=true in its configuration, or subscribe by tags`
    return new RocketMQError('UNSUPPORTED_BY_BROKER', says, details)
  }
  if (BrokerError.is(error, 'REQUEST_CODE_NOT_SUPPORTED')) {
    const says = `broker ${address} is older than 4.1 and cannot filter topic ${topic} by ${expressionType}: subscribe by tags`
    return new RocketMQError('UNSUPPORTED_BY_BROKER', says, details)
  }
  return undefined
}
