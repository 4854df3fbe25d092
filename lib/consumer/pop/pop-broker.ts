import type { ClientInstance } from '../../client/client-instance'
import { BrokerError, RocketMQError } from '../../errors'
import { isLogicalBroker } from '../../model/logical-queues'
import { MASTER_ID } from '../../model/topic-route'
import type { CallOptions } from '../../remoting/remoting-client'

/** MQVersion of 5.0.0, the first with POP. */
const V5_0_0 = 413

/** What is needed of a client to find brokers. */
type RoutesOf = Pick<ClientInstance, 'routes'>

/** Where a broker is to be asked: POP is the matter of masters. */
export interface BrokerPlace {
  readonly topic: string
  readonly brokerName: string
}

/**
 * The address of a broker's master.
 * @throws RocketMQError UNSUPPORTED_BY_BROKER for the one that stands for the hosts of a static topic, BROKER_NOT_FOUND, NO_NAME_SERVER
 */
export async function masterOf({ routes }: RoutesOf, place: BrokerPlace, call: CallOptions): Promise<string> {
  const { topic, brokerName } = place
  if (isLogicalBroker(brokerName)) throw staticTopic(topic)
  const known = routes.masterAddress(brokerName)
  if (known !== undefined) return known
  await routes.refresh(topic, call)
  const address = routes.masterAddress(brokerName)
  if (address !== undefined) return address
  const says = `no address of the master of broker ${brokerName} is known from the route of ${topic}`
  throw new RocketMQError('BROKER_NOT_FOUND', says, { topic, brokerName })
}

/** Proxies take a pop for a pull, and tell with the name of Java's class what it lacks. */
const TAKEN_FOR_PULL = 'PullMessageRequestHeader'

/** What an error is for someone who wants POP: servers that do not know the request are too old for it, or proxies. */
export function asPopError(error: unknown, address: string): unknown {
  const isUnknown = BrokerError.is(error, 'REQUEST_CODE_NOT_SUPPORTED')
  const isPull = BrokerError.is(error, 'SYSTEM_ERROR') && error.remark?.includes(TAKEN_FOR_PULL) === true
  return isUnknown || isPull ? noPop(address, 'is a proxy or older than 5.0', error) : error
}

/** Who wants POP. */
export interface PopSupportQuestion {
  readonly topics: readonly string[]
  /** A request of POP that tells a broker of 5.x from a proxy, where one is wanted. */
  readonly probe?: (address: string) => Promise<unknown>
  /** Hears of brokers that could not be asked. */
  readonly onBackgroundError: (error: RocketMQError) => void
}

/**
 * Makes sure that the brokers of some topics know POP; those that do not answer hold nothing up.
 * @throws RocketMQError UNSUPPORTED_BY_BROKER, NO_NAME_SERVER
 */
export async function checkPopSupport(
  client: Pick<ClientInstance, 'routes' | 'learnVersion'>,
  { topics, probe, onBackgroundError }: PopSupportQuestion,
  call: CallOptions,
): Promise<void> {
  const routes = await Promise.all(topics.map(topic => client.routes.fetch(topic, call)))
  const brokers = routes.flatMap(route => route?.brokerDatas ?? [])
  const addresses = new Set(brokers.flatMap(({ brokerAddrs }) => brokerAddrs.get(MASTER_ID) ?? []))
  const check = async (address: string): Promise<RocketMQError | undefined> => {
    try {
      if ((await client.learnVersion(address, call)) < V5_0_0) return noPop(address, 'is older than 5.0')
      await probe?.(address)
      return undefined
    } catch (caught) {
      const error = asPopError(caught, address)
      if (call.signal?.aborted === true || !RocketMQError.is(error)) throw error
      if (error.code === 'UNSUPPORTED_BY_BROKER') return error
      onBackgroundError(error)
      return undefined
    }
  }
  const verdicts = await Promise.all(Array.from(addresses, check))
  const verdict = verdicts.find(each => each !== undefined)
  if (verdict !== undefined) throw verdict
}

function staticTopic(topic: string): RocketMQError {
  const says = `topic ${topic} is static, and brokers know no POP of the queues of such topics: use a PushConsumer or a LitePullConsumer that pulls`
  return new RocketMQError('UNSUPPORTED_BY_BROKER', says, { topic })
}

function noPop(address: string, why: string, cause?: unknown): RocketMQError {
  const says = `the server at ${address} ${why} and serves no POP: use a PushConsumer or a LitePullConsumer that pulls`
  return new RocketMQError('UNSUPPORTED_BY_BROKER', says, { address, cause })
}
