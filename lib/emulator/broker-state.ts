import { parseDelayLevels } from '../model/delay-level'
import { ConsumerFilters } from './consumer-filters'
import { ConsumerGroups } from './groups'
import type { EmulatorShared } from './emulated-server'
import { MessageWriter } from './message-writer'
import { GroupOffsets } from './offsets'
import { PopState } from './pop/pop-state'
import { MessageStore } from './store/message-store'
import { type TopicConfig, Topics } from './topics'
import { type TransactionSettings, Transactions } from './transactions'

export interface BrokerStateOptions extends EmulatorShared, TransactionSettings {
  readonly clusterName: string
  readonly brokerName: string
  readonly autoCreateTopic: boolean
  readonly autoCreateGroup: boolean
  readonly delayLevels: string
  readonly maxStoreBytes: number
  readonly maxMessageSize: number
  readonly enablePropertyFilter: boolean
  readonly recallMessageEnable: boolean
  /** Default: the generation's. */
  readonly transactionCheckIntervalMs: number | undefined
}

/** What a master and its slaves share, and what outlives a restart: topics, groups, offsets, filters and messages. */
export class BrokerState {
  readonly clusterName: string
  readonly brokerName: string
  readonly topics: Topics
  readonly groups: ConsumerGroups
  readonly offsets = new GroupOffsets()
  readonly store: MessageStore
  readonly writer: MessageWriter
  readonly filters: ConsumerFilters
  readonly pops: PopState
  readonly transactions: Transactions
  readonly transactionCheckIntervalMs: number
  readonly enablePropertyFilter: boolean
  readonly recallMessageEnable: boolean
  /** Set while the master is up: tells name servers of new and changed topics. */
  onTopicChanged: (config: TopicConfig) => void = () => undefined
  /** True while the master is up. */
  masterIsUp = false
  /** Set when the master was started for the first time: its address as stored records hold it. */
  masterHost: Buffer = Buffer.alloc(0)

  constructor(options: BrokerStateOptions) {
    const { generation, clusterName, brokerName, clock, schedule } = options
    this.clusterName = clusterName
    this.brokerName = brokerName
    this.topics = new Topics({
      generation,
      clusterName,
      brokerName,
      autoCreate: options.autoCreateTopic,
      onChanged: config => this.onTopicChanged(config),
    })
    this.groups = new ConsumerGroups({
      autoCreate: options.autoCreateGroup,
      checksNames: generation.checksGroups,
    })
    this.filters = new ConsumerFilters(generation)
    this.enablePropertyFilter = options.enablePropertyFilter
    this.recallMessageEnable = options.recallMessageEnable
    const { indexesTags } = generation.properties
    this.store = new MessageStore({ maxBytes: options.maxStoreBytes, indexesTags })
    this.writer = new MessageWriter({
      clock,
      schedule,
      generation,
      store: this.store,
      delayLevels: parseDelayLevels(options.delayLevels),
      maxMessageSize: options.maxMessageSize,
    })
    const { store, writer, topics } = this
    this.transactions = new Transactions({ ...options, store, writer, topics })
    this.transactionCheckIntervalMs = options.transactionCheckIntervalMs ?? generation.transactions.checkIntervalMs
    this.pops = new PopState({ clock, schedule, state: this, ownHost: () => this.masterHost })
  }
}
