import type { SubscriptionGroupConfig } from '../commands/group'
import { isSystemGroup } from '../model/names'
import { groupProblem } from '../model/validators'

/** Groups that every broker knows. */
const BUILT_IN = [
  'TOOLS_CONSUMER',
  'FILTERSRV_CONSUMER',
  'SELF_TEST_C_GROUP',
  'CID_ONS-HTTP-PROXY',
  'CID_ONSAPI_PULL',
  'CID_ONSAPI_PERMISSION',
  'CID_ONSAPI_OWNER',
] as const

/** What a consumer group is unless said otherwise. */
export function groupConfig(
  groupName: string,
  rest: Partial<Omit<SubscriptionGroupConfig, 'groupName'>> = {},
): SubscriptionGroupConfig {
  return {
    groupName,
    consumeEnable: true,
    consumeFromMinEnable: true,
    consumeBroadcastEnable: true,
    consumeMessageOrderly: false,
    retryQueueNums: 1,
    retryMaxTimes: 16,
    brokerId: 0,
    whichBrokerWhenConsumeSlowly: 1,
    notifyConsumerIdsChangedEnable: true,
    ...rest,
  }
}

export interface ConsumerGroupsOptions {
  /** Groups that nobody created are created by their first consumer. */
  readonly autoCreate: boolean
  /** Names are checked before a group is created so. */
  readonly checksNames: boolean
}

/** Settings of the consumer groups of one broker name. */
export class ConsumerGroups {
  readonly #options: ConsumerGroupsOptions
  readonly #configs = new Map<string, SubscriptionGroupConfig>()

  constructor(options: ConsumerGroupsOptions) {
    this.#options = options
    for (const group of BUILT_IN) this.put(groupConfig(group))
  }

  has(group: string): boolean {
    return this.#configs.has(group)
  }

  put(config: SubscriptionGroupConfig): void {
    this.#configs.set(config.groupName, config)
  }

  delete(group: string): void {
    this.#configs.delete(group)
  }

  /** The settings of a group, made where that is allowed. */
  find(group: string): SubscriptionGroupConfig | undefined {
    const known = this.#configs.get(group)
    if (known !== undefined || !this.#mayCreate(group)) return known
    const config = groupConfig(group)
    this.put(config)
    return config
  }

  #mayCreate(group: string): boolean {
    const { autoCreate, checksNames } = this.#options
    if (!autoCreate && (checksNames || !isSystemGroup(group))) return false
    return !checksNames || groupProblem(group) === undefined
  }
}
