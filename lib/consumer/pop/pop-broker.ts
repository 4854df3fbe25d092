import type { ClientInstance } from '../../client/client-instance'
import { BrokerError, RocketMQError } from '../../errors'
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

/** The address of a broker's master. @throws RocketMQError BROKER_NOT_FOUND, NO_NAME_SERVER */
export async function masterOf({ routes }: RoutesOf, place: BrokerPlace, call: CallOptions): Promise<string> {
  const { topic, brokerName } = place
  const known = routes.masterAddress(brokerName)
  if (known !== undefined) return known
  await routes.refresh(topic, call)
  const address = routes.masterAddress(brokerName)
  if (address !== undefined) return address
  const says = `no address of the master of broker ${brokerName} is known from the route of ${topic}`
  throw new RocketMQError('BROKER_NOT_FOUND', says, { topic, brokerName })
}

/** What an error is for someone who wants POP: a broker that does not know the request is too old for it. */
export function asPopError(error: unknown, address: string): unknown {
  return BrokerError.is(error, 'REQUEST_CODE_NOT_SUPPORTED') ? tooOld(address, error) : error
}

/** Who wants POP. */
export interface PopSupportQuestion {
  readonly topics: readonly string[]
  /** Hears of brokers that could not be asked. */
  readonly onBackgroundError: (error: RocketMQError) => void
}

/**
 * Makes sure that the brokers of some topics know POP; those that do not answer hold nothing up.
 * @throws RocketMQError UNSUPPORTED_BY_BROKER, NO_NAME_SERVER
 */
export async function checkPopSupport(
  client: Pick<ClientInstance, 'routes' | 'learnVersion'>,
  { topics, onBackgroundError }: PopSupportQuestion,
  call: CallOptions,
): Promise<void> {
  const routes = await Promise.all(topics.map(topic => client.routes.fetch(topic, call)))
  const brokers = routes.flatMap(route => route?.brokerDatas ?? [])
  const addresses = new Set(brokers.flatMap(({ brokerAddrs }) => brokerAddrs.get(MASTER_ID) ?? []))
  const check = async (address: string): Promise<RocketMQError | undefined> => {
    try {
      return (await client.learnVersion(address, call)) < V5_0_0 ? tooOld(address) : undefined
    } catch (error) {
      if (call.signal?.aborted === true || !RocketMQError.is(error)) throw error
      onBackgroundError(error)
      return undefined
    }
  }
  const verdicts = await Promise.all(Array.from(addresses, check))
  const verdict = verdicts.find(each => each !== undefined)
  if (verdict !== undefined) throw verdict
}

function tooOld(address: string, cause?: unknown): RocketMQError {
  const says = `the broker at ${address} is older than 5.0 and knows no POP: use a PushConsumer or a LitePullConsumer that pulls`
  return new RocketMQError('UNSUPPORTED_BY_BROKER', says, { address, cause })
}
