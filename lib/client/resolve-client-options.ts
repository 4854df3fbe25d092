import type { ConnectionOptions } from 'node:tls'
import { RocketMQError } from '../errors'
import { namespaceOfEndpoint } from '../model/endpoint'
import { type OptionNames, checkOptions, checkedFlag, checkedPart, checkedText } from '../model/option-checks'
import { checkCredentials } from '../remoting/credentials'
import { checkTlsOptions } from '../remoting/tls-dialer'
import { checkedNameServers } from '../routing/name-servers'
import { systemClock } from '../runtime/clock'
import { checkedInterceptors } from '../runtime/interceptors'
import type { SerializeType } from '../wire/remoting-command'
import { checkedMs } from './checked-options'
import type { AdvancedOptions, ClientOptions, ResolvedClientOptions } from './client-options'
import { optionsFromEnv } from './env'
import { Secret } from './secret'

/** The names of what all clients have in common. */
export const CLIENT_OPTIONS: OptionNames<ClientOptions> = {
  namesrvAddr: true,
  namespace: true,
  namespaceV2: true,
  requestTimeoutMs: true,
  connectTimeoutMs: true,
  pollNameServerIntervalMs: true,
  heartbeatBrokerIntervalMs: true,
  credentials: true,
  tls: true,
  vipChannelEnabled: true,
  logger: true,
  metrics: true,
  rpcInterceptors: true,
  advanced: true,
}

const ADVANCED_OPTIONS: OptionNames<AdvancedOptions> = {
  serialization: true,
  language: true,
  instanceName: true,
  unitName: true,
  unitMode: true,
  clock: true,
  dialer: true,
}

/**
 * Fills in defaults: given options, then the environment, then Java's defaults.
 * @throws RocketMQError INVALID_ARGUMENT for a value out of range, NO_NAME_SERVER where no name server is named
 */
export function resolveClientOptions(given: ClientOptions): ResolvedClientOptions {
  const options: ClientOptions = { ...optionsFromEnv(), ...withoutUndefined(given) }
  const addresses = checkedAddresses(options.namesrvAddr ?? '')
  return {
    namesrvAddr: addresses,
    namespace: checkedNamespace('namespace', options.namespace ?? namespaceOfEndpoint(addresses) ?? ''),
    namespaceV2: checkedNamespace('namespaceV2', options.namespaceV2 ?? ''),
    requestTimeoutMs: checkedMs('requestTimeoutMs', options.requestTimeoutMs ?? 3000),
    connectTimeoutMs: checkedMs('connectTimeoutMs', options.connectTimeoutMs ?? 3000),
    pollNameServerIntervalMs: checkedMs('pollNameServerIntervalMs', options.pollNameServerIntervalMs ?? 30_000),
    heartbeatBrokerIntervalMs: checkedMs('heartbeatBrokerIntervalMs', options.heartbeatBrokerIntervalMs ?? 30_000),
    credentials: secretCredentials(options.credentials),
    tls: secretTls(options.tls ?? false),
    vipChannelEnabled: checkedFlag('vipChannelEnabled', options.vipChannelEnabled, false),
    logger: checkedPart('logger', options.logger, ['debug', 'info', 'warn', 'error']),
    metrics: checkedPart('metrics', options.metrics, ['record', 'observe']),
    rpcInterceptors: rpcInterceptorsOf(options),
    ...advancedOf(options.advanced ?? {}),
  }
}

function advancedOf(advanced: AdvancedOptions) {
  checkOptions(advanced, ADVANCED_OPTIONS, 'advanced')
  const { dialer } = advanced
  const given: unknown = dialer
  if (given !== undefined && typeof given !== 'function')
    throw new RocketMQError('INVALID_ARGUMENT', 'advanced.dialer must be a function')
  return {
    serialization: checkedSerialization(advanced.serialization ?? 'JSON'),
    language: checkedText('advanced.language', advanced.language),
    instanceName: checkedText('advanced.instanceName', advanced.instanceName),
    unitName: checkedText('advanced.unitName', advanced.unitName),
    unitMode: checkedFlag('advanced.unitMode', advanced.unitMode, false),
    clock: checkedPart('advanced.clock', advanced.clock, ['now', 'monotonic', 'sleep', 'after']) ?? systemClock,
    dialer,
  }
}

/** One text, as it is read when the client is made. */
function checkedAddresses(namesrvAddr: string | readonly string[]): string {
  const given: unknown = namesrvAddr
  const list: unknown[] = Array.isArray(given) ? given : [given]
  if (!list.every(each => typeof each === 'string')) {
    const says = "namesrvAddr must be text, such as 'host1:9876;host2:9876', or a list of such"
    throw new RocketMQError('INVALID_ARGUMENT', says)
  }
  const addresses = list.join(';')
  checkedNameServers(addresses)
  return addresses
}

/** Without the percent sign, which parts it from the name. */
function checkedNamespace(option: string, namespace: unknown): string {
  if (typeof namespace === 'string' && /^[\w-]*$/.test(namespace)) return namespace
  throw new RocketMQError('INVALID_ARGUMENT', `${option} is ${String(namespace)}; it may hold letters, digits, _ and -`)
}

function secretCredentials(given: ClientOptions['credentials']): ResolvedClientOptions['credentials'] {
  if (given === undefined) return undefined
  if (typeof given !== 'function') checkCredentials(given)
  // A copy: what is changed later must not pass for the same client.
  return new Secret(typeof given === 'function' ? given : { ...given })
}

/** Those of equal functions in equal order are the same, so that producers and consumers may share connections. */
function rpcInterceptorsOf({ rpcInterceptors }: ClientOptions): ResolvedClientOptions['rpcInterceptors'] {
  const checked = checkedInterceptors(rpcInterceptors, 'rpcInterceptors')
  return checked.length === 0 ? undefined : new Secret(checked)
}

function secretTls(given: boolean | ConnectionOptions): ResolvedClientOptions['tls'] {
  if (given === false) return undefined
  const options = given === true ? {} : given
  checkTlsOptions(options)
  return new Secret({ ...options })
}

function checkedSerialization(type: string): SerializeType {
  if (type === 'JSON' || type === 'ROCKETMQ') return type
  throw new RocketMQError('INVALID_ARGUMENT', `advanced.serialization is ${type}; it must be JSON or ROCKETMQ`)
}

/** An option that is there but undefined must not hide the environment's. */
function withoutUndefined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T
}
