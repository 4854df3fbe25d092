import type { TlsOptions } from 'node:tls'
import { RocketMQError } from '../errors'
import { DEFAULT_DELAY_LEVELS } from '../model/delay-level'
import { DEFAULT_MAX_MESSAGE_SIZE } from '../model/message-rules'
import { type OptionNames, checkOptions, checkedFlag, checkedPart, checkedText, isRecord } from '../model/option-checks'
import { topicProblem } from '../model/validators'
import type { Clock } from '../runtime/clock'
import { systemClock } from '../runtime/clock'
import type { Logger } from '../runtime/log'
import { MAX_MESSAGE_BYTES } from '../wire/remoting-command'
import { type EmulatedAccount, checkedAccounts } from './accounts'
import type { EmulatedVersion } from './generation'
import { MAX_QUEUES, type TopicConfig, topicConfig } from './topics'

/** One broker name: a master and, where wanted, slaves. */
export interface EmulatedBrokerOptions {
  /** Name that the master and its slaves share, such as `broker-a`. */
  readonly name: string
  /** Slaves of this master, with ids from 1 on; default 0. */
  readonly slaves?: number
}

/** Settings of a topic; both numbers of queues default to `queues`, which defaults to 8. */
export interface EmulatedTopicOptions {
  /** Queues on each broker, to read and to write; default 8. */
  readonly queues?: number
  /** How many queues consumers read; default `queues`. */
  readonly readQueueNums?: number
  /** How many queues producers write; default `queues`. */
  readonly writeQueueNums?: number
  /** Permission bits: 2 write, 4 read; default 6. */
  readonly perm?: number
  /** The topic is marked as one with a fixed order of queues; default false. */
  readonly order?: boolean
}

/** What an emulator consists of, and how its servers behave. */
export interface EmulatorOptions {
  /** Brokers, or how many masters (`broker-a`, `broker-b`, …); default 1. */
  readonly brokers?: number | readonly EmulatedBrokerOptions[]
  /** Default 1. */
  readonly nameServers?: number
  /** Port of the first name server, further ones take the ports after it; default 0, any free ports. */
  readonly nameServerPort?: number
  /** Topics that exist from the start, on every broker: the number of queues on each, or settings. */
  readonly topics?: Readonly<Record<string, number | EmulatedTopicOptions>>
  /** The first send to an unknown topic creates it; default true. */
  readonly autoCreateTopic?: boolean
  /** The first consumer of an unknown group creates it; default true. */
  readonly autoCreateGroup?: boolean
  /** Default `DefaultCluster`. */
  readonly clusterName?: string
  /** Generation to behave as, 4.9.4 or 5.5.0; default `5`. */
  readonly version?: EmulatedVersion
  /** Default: the system's. */
  readonly clock?: Clock
  /** Interface to listen on, and the address that clients are told; default 127.0.0.1. */
  readonly host?: string
  /** `messageDelayLevel` of the brokers; default `1s 5s 10s 30s 1m … 2h`. */
  readonly delayLevels?: string
  /** Is told what the servers do; default nobody. */
  readonly logger?: Logger
  /** Memory for the messages of each broker name, bytes, 16 MiB at least; the oldest go first. Default 512 MiB. */
  readonly maxStoreBytes?: number
  /** Largest body, bytes; default 4 MiB. */
  readonly maxMessageSize?: number
  /** Name servers tell the order of queues that is kept under ORDER_TOPIC_CONFIG; default false. */
  readonly orderMessageEnable?: boolean
  /** Brokers filter by SQL92 over properties, as real ones do with `enablePropertyFilter=true`; default true. */
  readonly enablePropertyFilter?: boolean
  /** Brokers of 5.x recall timer messages, as real ones do with `recallMessageEnable=true`; default false. */
  readonly recallMessageEnable?: boolean
  /** Half messages younger than this are not asked about, ms (`transactionTimeOut`); default 6000. */
  readonly transactionTimeOutMs?: number
  /** How often producers are asked about open transactions, ms (`transactionCheckInterval`); default 30000, of 4.9 60000. */
  readonly transactionCheckIntervalMs?: number
  /** How often one transaction is asked about before it is given up; default 15. */
  readonly transactionCheckMax?: number
  /** Brokers serve only requests that one of these has signed, and as it is allowed to; default: everybody may everything. */
  readonly accounts?: readonly EmulatedAccount[]
  /** Brokers and name servers speak TLS: `cert` and `key` in PEM, and `ca` where clients must have a certificate by it. */
  readonly tls?: TlsOptions
  /** The emulator is for development and tests; this starts it in production all the same. */
  readonly allowProduction?: boolean
}

/** Options with nothing left open. */
export interface ResolvedOptions extends Required<
  Omit<EmulatorOptions, 'brokers' | 'topics' | 'logger' | 'transactionCheckIntervalMs' | 'accounts' | 'tls'>
> {
  readonly accounts: readonly EmulatedAccount[] | undefined
  readonly tls: TlsOptions | undefined
  readonly brokers: readonly Required<EmulatedBrokerOptions>[]
  readonly topics: readonly TopicConfig[]
  readonly logger: Logger | undefined
  readonly transactionCheckIntervalMs: number | undefined
}

const EMULATOR_OPTIONS: OptionNames<EmulatorOptions> = {
  brokers: true,
  nameServers: true,
  nameServerPort: true,
  topics: true,
  autoCreateTopic: true,
  autoCreateGroup: true,
  clusterName: true,
  version: true,
  clock: true,
  host: true,
  delayLevels: true,
  logger: true,
  maxStoreBytes: true,
  maxMessageSize: true,
  orderMessageEnable: true,
  enablePropertyFilter: true,
  recallMessageEnable: true,
  transactionTimeOutMs: true,
  transactionCheckIntervalMs: true,
  transactionCheckMax: true,
  accounts: true,
  tls: true,
  allowProduction: true,
}
const TOPIC_OPTIONS: OptionNames<EmulatedTopicOptions> = {
  queues: true,
  readQueueNums: true,
  writeQueueNums: true,
  perm: true,
  order: true,
}
const DEFAULT_STORE_BYTES = 512 * 1024 * 1024
const DEFAULT_QUEUES = 8
const MAX_SERVERS = 64
const MAX_PORT = 65_535

/** @throws RocketMQError INVALID_ARGUMENT or INVALID_TOPIC, naming the option */
export function resolveOptions(options: EmulatorOptions): ResolvedOptions {
  checkOptions(options, EMULATOR_OPTIONS)
  return {
    brokers: brokersOf(options.brokers ?? 1),
    nameServers: wholeNumber('nameServers', options.nameServers ?? 1, { least: 1, most: MAX_SERVERS }),
    nameServerPort: wholeNumber('nameServerPort', options.nameServerPort ?? 0, { least: 0, most: MAX_PORT }),
    topics: topicsOf(options.topics ?? {}).map(([name, topic]) => resolveTopic(name, topic)),
    autoCreateTopic: checkedFlag('autoCreateTopic', options.autoCreateTopic, true),
    autoCreateGroup: checkedFlag('autoCreateGroup', options.autoCreateGroup, true),
    clusterName: text('clusterName', options.clusterName ?? 'DefaultCluster'),
    version: versionOf(options.version ?? '5'),
    clock: checkedPart('clock', options.clock, ['now', 'monotonic', 'sleep', 'after']) ?? systemClock,
    host: text('host', options.host ?? '127.0.0.1'),
    delayLevels: checkedText('delayLevels', options.delayLevels ?? DEFAULT_DELAY_LEVELS),
    logger: checkedPart('logger', options.logger, ['debug', 'info', 'warn', 'error']),
    maxStoreBytes: wholeNumber('maxStoreBytes', options.maxStoreBytes ?? DEFAULT_STORE_BYTES, { least: 1 }),
    maxMessageSize: wholeNumber('maxMessageSize', options.maxMessageSize ?? DEFAULT_MAX_MESSAGE_SIZE, {
      least: 1,
      most: MAX_MESSAGE_BYTES,
    }),
    orderMessageEnable: checkedFlag('orderMessageEnable', options.orderMessageEnable, false),
    enablePropertyFilter: checkedFlag('enablePropertyFilter', options.enablePropertyFilter, true),
    recallMessageEnable: checkedFlag('recallMessageEnable', options.recallMessageEnable, false),
    ...transactionsOf(options),
    accounts: options.accounts && checkedAccounts(options.accounts),
    tls: options.tls,
    allowProduction: checkedFlag('allowProduction', options.allowProduction, false),
  }
}

type TransactionOptions = 'transactionTimeOutMs' | 'transactionCheckIntervalMs' | 'transactionCheckMax'

function transactionsOf(options: EmulatorOptions): Pick<ResolvedOptions, TransactionOptions> {
  const { transactionTimeOutMs = 6000, transactionCheckIntervalMs, transactionCheckMax = 15 } = options
  if (transactionCheckIntervalMs !== undefined)
    wholeNumber('transactionCheckIntervalMs', transactionCheckIntervalMs, { least: 1 })
  return {
    transactionTimeOutMs: wholeNumber('transactionTimeOutMs', transactionTimeOutMs, { least: 0 }),
    transactionCheckIntervalMs,
    transactionCheckMax: wholeNumber('transactionCheckMax', transactionCheckMax, { least: 1 }),
  }
}

function topicsOf(topics: Required<EmulatorOptions>['topics']): [string, number | EmulatedTopicOptions][] {
  if (!isRecord(topics)) throw invalid('topics must be an object of names and numbers of queues, such as { Orders: 8 }')
  return Object.entries(topics)
}

/** @throws RocketMQError INVALID_ARGUMENT or INVALID_TOPIC */
export function resolveTopic(name: string, topic: number | EmulatedTopicOptions): TopicConfig {
  const problem = topicProblem(name)
  if (problem !== undefined) throw new RocketMQError('INVALID_TOPIC', `topic '${name}': ${problem}`, { topic: name })
  const options = typeof topic === 'number' ? { queues: topic } : topic
  checkOptions(options, TOPIC_OPTIONS, `topic ${name}`)
  const { queues = DEFAULT_QUEUES, readQueueNums = queues, writeQueueNums = queues, perm = 6 } = options
  const order = checkedFlag(`topics.${name}.order`, options.order, false)
  const bounds = { least: 0, most: MAX_QUEUES }
  wholeNumber(`topics.${name}.readQueueNums`, readQueueNums, bounds)
  wholeNumber(`topics.${name}.writeQueueNums`, writeQueueNums, bounds)
  return topicConfig(name, writeQueueNums, { readQueueNums, perm, order })
}

function brokersOf(brokers: number | readonly EmulatedBrokerOptions[]): Required<EmulatedBrokerOptions>[] {
  const list = Array.isArray(brokers) ? (brokers as readonly EmulatedBrokerOptions[]) : namedBrokers(brokers as number)
  for (const broker of list) checkOptions(broker, { name: true, slaves: true }, 'each of brokers')
  const names = new Set(list.map(({ name }) => name))
  if (list.length === 0 || names.size < list.length || names.has(''))
    throw invalid('brokers must name at least one broker, each with a name of its own')
  return list.map(({ name, slaves = 0 }) => {
    return {
      name: text('the name of a broker', name),
      slaves: wholeNumber(`slaves of ${name}`, slaves, { least: 0, most: MAX_SERVERS }),
    }
  })
}

function namedBrokers(count: number): EmulatedBrokerOptions[] {
  wholeNumber('brokers', count, { least: 1, most: MAX_SERVERS })
  return Array.from({ length: count }, (_, i) => ({ name: `broker-${i < 26 ? String.fromCharCode(97 + i) : i}` }))
}

function versionOf(version: string): EmulatedVersion {
  if (version === '4.9' || version === '5') return version
  throw invalid(`version must be '4.9' or '5', not ${JSON.stringify(version)}`)
}

function text(name: string, value: string): string {
  const given: unknown = value
  if (typeof given === 'string' && /^\S+$/.test(given)) return given
  throw invalid(`${name} must be text without spaces, not ${JSON.stringify(given)}`)
}

function wholeNumber(
  name: string,
  value: number,
  { least, most = Infinity }: { least: number; most?: number },
): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value
  const range = most === Infinity ? `from ${least} up` : `from ${least} to ${most}`
  throw invalid(`${name} must be a whole number ${range}, not ${String(value)}`)
}

function invalid(message: string): RocketMQError {
  return new RocketMQError('INVALID_ARGUMENT', message)
}
