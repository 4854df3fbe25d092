import { replyTopic } from '../model/names'
import { PERM, isInherited, permText } from '../model/perm'
import { AUTO_CREATE_TOPIC, SCHEDULE_TOPIC, TRACE_TOPIC, isSystemTopic } from '../model/system-topics'
import type { Generation } from './generation'
import { refusal } from './refusal'

export type TopicFilterType = 'SINGLE_TAG' | 'MULTI_TAG'

/** Settings of a topic on one broker (Java `TopicConfig`). */
export interface TopicConfig {
  readonly topicName: string
  readonly readQueueNums: number
  readonly writeQueueNums: number
  readonly perm: number
  readonly topicFilterType: TopicFilterType
  readonly topicSysFlag: number
  readonly order: boolean
  readonly attributes: ReadonlyMap<string, string>
}

export interface TopicsOptions {
  readonly generation: Generation
  readonly clusterName: string
  readonly brokerName: string
  /** Topics that nobody created are created by the first send to them. */
  readonly autoCreate: boolean
  /** Hears of every topic that is new or has changed. */
  readonly onChanged: (config: TopicConfig) => void
}

/** Real brokers take any number, and are out of memory when somebody asks for the topic's stats. */
export const MAX_QUEUES = 65_535
const DEFAULT_QUEUES = 8
const CLUSTER_TOPIC_QUEUES = 16
const BENCHMARK_QUEUES = 1024
const SCHEDULE_QUEUES = 18
const ALL_PERMS = PERM.READ | PERM.WRITE | PERM.INHERIT

/** What a topic is unless said otherwise. */
export function topicConfig(topicName: string, queues: number, rest: Partial<TopicConfig> = {}): TopicConfig {
  return {
    topicName,
    readQueueNums: queues,
    writeQueueNums: queues,
    perm: PERM.READ | PERM.WRITE,
    topicFilterType: 'SINGLE_TAG',
    topicSysFlag: 0,
    order: false,
    attributes: new Map(),
    ...rest,
  }
}

/** The topics of one broker name. */
export class Topics {
  readonly #options: TopicsOptions
  readonly #configs = new Map<string, TopicConfig>()
  readonly #system: ReadonlySet<string>

  constructor(options: TopicsOptions) {
    this.#options = options
    for (const config of systemTopics(options)) this.#configs.set(config.topicName, config)
    this.#system = new Set(this.#configs.keys())
  }

  get(topic: string): TopicConfig | undefined {
    return this.#configs.get(topic)
  }

  all(): TopicConfig[] {
    return [...this.#configs.values()]
  }

  /** True for topics that administrators may neither change nor delete. */
  isSystem(topic: string): boolean {
    return this.#system.has(topic) || isSystemTopic(topic)
  }

  /** @throws BrokerError where it has more queues than memory is for */
  put(config: TopicConfig): TopicConfig {
    const { topicName, readQueueNums, writeQueueNums } = config
    if (Math.max(readQueueNums, writeQueueNums) > MAX_QUEUES)
      throw refusal(
        this.#options.generation.invalidParameter,
        `topic ${topicName}: at most ${MAX_QUEUES} queues on a broker of the emulator`,
      )
    this.#configs.set(config.topicName, config)
    this.#options.onChanged(config)
    return config
  }

  /** A topic that the broker needs itself, such as a retry topic; made where there is none. */
  ensure(topic: string, queues: number, rest: { order?: boolean; topicSysFlag?: number } = {}): TopicConfig {
    const known = this.#configs.get(topic)
    if (known === undefined) return this.put(topicConfig(topic, queues, rest))
    if (rest.order === undefined || rest.order === known.order) return known
    return this.put({ ...known, order: rest.order })
  }

  /** Makes the topic of a send after a topic that lets others inherit from it; undefined where none does. */
  createFrom(
    topic: string,
    defaultTopic: string,
    wanted: { queues: number; sysFlag: number },
  ): TopicConfig | undefined {
    const model = this.#configs.get(defaultTopic)
    if (model === undefined || !isInherited(model.perm)) return undefined
    if (defaultTopic === AUTO_CREATE_TOPIC && !this.#options.autoCreate) return undefined
    const queues = Math.max(0, Math.min(wanted.queues, model.writeQueueNums))
    const { topicFilterType } = model
    const perm = model.perm & ~PERM.INHERIT
    return this.put(topicConfig(topic, queues, { perm, topicFilterType, topicSysFlag: wanted.sysFlag }))
  }

  delete(topic: string): void {
    this.#configs.delete(topic)
  }
}

/** A topic's settings as remarks show them. */
export function topicConfigText(config: TopicConfig, { topics }: Generation): string {
  const { topicName, readQueueNums, writeQueueNums, perm, topicFilterType, topicSysFlag, order } = config
  const attributes = Array.from(config.attributes, ([name, value]) => `${name}=${value}`).join(', ')
  const fields = [
    `topicName=${topicName}`,
    `readQueueNums=${readQueueNums}`,
    `writeQueueNums=${writeQueueNums}`,
    `perm=${permText(perm)}`,
    `topicFilterType=${topicFilterType}`,
    `topicSysFlag=${topicSysFlag}`,
    `order=${order}`,
    ...(topics.hasAttributes ? [`attributes={${attributes}}`] : []),
  ]
  return `TopicConfig [${fields.join(', ')}]`
}

function systemTopics({ generation, clusterName, brokerName, autoCreate }: TopicsOptions): TopicConfig[] {
  const fill = (name: string): string => name.replace('{cluster}', clusterName).replace('{broker}', brokerName)
  return [
    topicConfig('SELF_TEST_TOPIC', 1),
    ...(autoCreate ? [topicConfig(AUTO_CREATE_TOPIC, DEFAULT_QUEUES, { perm: ALL_PERMS })] : []),
    topicConfig('BenchmarkTest', BENCHMARK_QUEUES),
    topicConfig(clusterName, CLUSTER_TOPIC_QUEUES, { perm: ALL_PERMS }),
    topicConfig(brokerName, 1, { perm: ALL_PERMS }),
    topicConfig('OFFSET_MOVED_EVENT', 1),
    topicConfig(SCHEDULE_TOPIC, SCHEDULE_QUEUES),
    // As of brokers with traceTopicEnable=true.
    topicConfig(TRACE_TOPIC, 1),
    topicConfig(replyTopic(clusterName), 1),
    ...generation.topics.system.map(({ name, queues, perm }) =>
      topicConfig(fill(name), queues, perm === undefined ? {} : { perm }),
    ),
  ]
}
