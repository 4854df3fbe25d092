import type { ClientInstance } from '../../client/client-instance'
import { GET_CONSUMER_LIST_BY_GROUP } from '../../commands/client'
import { RocketMQError, asError } from '../../errors'
import { shuffled } from '../../runtime/random'

export interface RoundMembersOptions {
  readonly client: ClientInstance
  readonly consumerGroup: string
  /** Of the round. */
  readonly signal: AbortSignal
  readonly onBackgroundError: (error: RocketMQError) => void
}

/** Brokers that are asked for the members before they count as unknown: one of them may be down and still in the route. */
const BROKERS_ASKED = 3

/** Who is in the group, as brokers tell it in one round: each is asked once, however many topics it has. */
export class RoundMembers {
  readonly #options: RoundMembersOptions
  readonly #lists = new Map<string, Promise<readonly string[]>>()
  readonly #strangers = new Set<string>()

  constructor(options: RoundMembersOptions) {
    this.#options = options
  }

  /**
   * The client ids of the group, from any broker of the topic; undefined where those that answer do not list us. Brokers
   * list a client once for each connection.
   * @throws RocketMQError where no broker answers
   */
  async of(topic: string): Promise<readonly string[] | undefined> {
    let failure: Error | undefined
    let stranger: string | undefined
    for (const address of this.#someBrokers(topic)) {
      try {
        const clientIds = await this.#at(address)
        if (clientIds.includes(this.#options.client.clientId)) return clientIds
        stranger = address
      } catch (error) {
        if (this.#options.signal.aborted) throw error
        failure = asError(error)
      }
    }
    if (stranger !== undefined) this.#reportStranger(stranger, topic)
    else if (failure !== undefined) throw failure
    return undefined
  }

  #someBrokers(topic: string): string[] {
    const brokerDatas = this.#options.client.routes.get(topic)?.brokerDatas ?? []
    return shuffled(brokerDatas.flatMap(({ brokerAddrs }) => [...brokerAddrs.values()])).slice(0, BROKERS_ASKED)
  }

  #at(address: string): Promise<readonly string[]> {
    let list = this.#lists.get(address)
    if (list === undefined) this.#lists.set(address, (list = this.#ask(address)))
    return list
  }

  async #ask(address: string): Promise<readonly string[]> {
    const { client, consumerGroup, signal } = this.#options
    const request = { header: { consumerGroup } }
    return (await client.remoting.invoke(address, GET_CONSUMER_LIST_BY_GROUP, request, { signal })).body.consumerIdList
  }

  /** A broker that does not list us yet has not had our heartbeat: to follow it would orphan or double queues. */
  #reportStranger(address: string, topic: string): void {
    if (this.#strangers.has(address)) return
    this.#strangers.add(address)
    const { client, consumerGroup, onBackgroundError } = this.#options
    const says = `the broker at ${address} does not list this client in group ${consumerGroup}: it has not had a heartbeat yet, or the group does not exist and brokers do not create groups`
    client.log.warn(says)
    onBackgroundError(new RocketMQError('INVALID_STATE', says, { address, topic, group: consumerGroup }))
  }
}
