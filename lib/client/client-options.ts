import { RocketMQError } from '../errors'
import { type Dialer, dialTcp } from '../remoting/dialer'
import { type Clock, systemClock } from '../runtime/clock'
import type { Logger } from '../runtime/log'
import type { SerializeType } from '../wire/remoting-command'
import { optionsFromEnv } from './env'

/** What producers, consumers and the admin client have in common. Options given in code beat the environment. */
export interface ClientOptions {
  /**
   * Name servers: `'h1:9876;h2:9876'`, bracketed IPv6, a list of such, or the http(s) URL of an address server.
   * Default: the environment variable NAMESRV_ADDR.
   */
  readonly namesrvAddr?: string | readonly string[]
  /** Limit of one request to a broker or name server, ms; default 3000 (Java `mqClientApiTimeout`). */
  readonly requestTimeoutMs?: number
  /** Limit of one attempt to connect, ms; default 3000. */
  readonly connectTimeoutMs?: number
  /** How often routes are asked for, ms; default 30000. */
  readonly pollNameServerIntervalMs?: number
  /** How often brokers hear of this client, ms; default 30000. Brokers drop clients that are silent for 120 s. */
  readonly heartbeatBrokerIntervalMs?: number
  /** Where log lines go; default is the `debug` package under `rocketwire:*`, silent unless DEBUG names it. */
  readonly logger?: Logger
  readonly advanced?: AdvancedOptions
}

/** Options that few need. */
export interface AdvancedOptions {
  /** Header form of requests; default JSON. Replies are read in either form. */
  readonly serialization?: SerializeType
  /** Language to announce; default NODE_JS to brokers that know it (from 5.3.2), else OTHER. */
  readonly language?: string
  /** Last part of the client id; default is the process id with a random part. Two clients must not share an id by accident. */
  readonly instanceName?: string
  /** Appended to the client id, for unitised deployments. */
  readonly unitName?: string
  /** Source of time; default is the system's. */
  readonly clock?: Clock
  /** Opens connections; default is plain TCP. */
  readonly dialer?: Dialer
}

/** `ClientOptions` with every default filled in. */
export interface ResolvedClientOptions {
  readonly namesrvAddr: string
  readonly requestTimeoutMs: number
  readonly connectTimeoutMs: number
  readonly pollNameServerIntervalMs: number
  readonly heartbeatBrokerIntervalMs: number
  readonly logger: Logger | undefined
  readonly serialization: SerializeType
  readonly language: string | undefined
  readonly instanceName: string | undefined
  readonly unitName: string | undefined
  readonly clock: Clock
  readonly dialer: Dialer
}

/**
 * Fills in defaults: given options, then the environment, then Java's defaults.
 * @throws RocketMQError INVALID_ARGUMENT for a value out of range, NO_NAME_SERVER where no name server is named
 */
export function resolveClientOptions(given: ClientOptions): ResolvedClientOptions {
  const options: ClientOptions = { ...optionsFromEnv(), ...withoutUndefined(given) }
  const advanced = options.advanced ?? {}
  const { namesrvAddr = '' } = options
  const addresses = typeof namesrvAddr === 'string' ? namesrvAddr : namesrvAddr.join(';')
  if (addresses.trim() === '') {
    throw new RocketMQError('NO_NAME_SERVER', 'no name server is given: set namesrvAddr or the NAMESRV_ADDR variable')
  }
  return {
    namesrvAddr: addresses,
    requestTimeoutMs: checkedMs('requestTimeoutMs', options.requestTimeoutMs ?? 3000),
    connectTimeoutMs: checkedMs('connectTimeoutMs', options.connectTimeoutMs ?? 3000),
    pollNameServerIntervalMs: checkedMs('pollNameServerIntervalMs', options.pollNameServerIntervalMs ?? 30_000),
    heartbeatBrokerIntervalMs: checkedMs('heartbeatBrokerIntervalMs', options.heartbeatBrokerIntervalMs ?? 30_000),
    logger: options.logger,
    serialization: checkedSerialization(advanced.serialization ?? 'JSON'),
    language: advanced.language,
    instanceName: advanced.instanceName,
    unitName: advanced.unitName,
    clock: advanced.clock ?? systemClock,
    dialer: advanced.dialer ?? dialTcp,
  }
}

const MAX_TIMER_MS = 0x7fffffff

/** A duration that timers can take. */
export function checkedMs(name: string, ms: number): number {
  return checkedRange(name, ms, 1, MAX_TIMER_MS)
}

/** @throws RocketMQError INVALID_ARGUMENT unless `value` is an integer from `min` to `max` */
export function checkedRange(name: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value
  throw new RocketMQError(
    'INVALID_ARGUMENT',
    `${name} is ${String(value)}; it must be an integer from ${min} to ${max}`,
  )
}

function checkedSerialization(type: SerializeType): SerializeType {
  if (type === 'JSON' || type === 'ROCKETMQ') return type
  throw new RocketMQError('INVALID_ARGUMENT', `advanced.serialization is ${String(type)}; it must be JSON or ROCKETMQ`)
}

/** An option that is there but undefined must not hide the environment's. */
function withoutUndefined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T
}
