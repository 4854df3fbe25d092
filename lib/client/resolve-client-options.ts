import type { ConnectionOptions } from 'node:tls'
import { RocketMQError } from '../errors'
import { namespaceOfEndpoint } from '../model/endpoint'
import { checkCredentials } from '../remoting/credentials'
import { dialTcp } from '../remoting/dialer'
import { checkTlsOptions } from '../remoting/tls-dialer'
import { systemClock } from '../runtime/clock'
import { checkedInterceptors } from '../runtime/interceptors'
import type { SerializeType } from '../wire/remoting-command'
import { checkedMs } from './checked-options'
import type { ClientOptions, ResolvedClientOptions } from './client-options'
import { optionsFromEnv } from './env'
import { Secret } from './secret'
import type { MetricsRecorder } from './telemetry/metrics'

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
    namespace: checkedNamespace('namespace', options.namespace ?? namespaceOfEndpoint(addresses) ?? ''),
    namespaceV2: checkedNamespace('namespaceV2', options.namespaceV2 ?? ''),
    requestTimeoutMs: checkedMs('requestTimeoutMs', options.requestTimeoutMs ?? 3000),
    connectTimeoutMs: checkedMs('connectTimeoutMs', options.connectTimeoutMs ?? 3000),
    pollNameServerIntervalMs: checkedMs('pollNameServerIntervalMs', options.pollNameServerIntervalMs ?? 30_000),
    heartbeatBrokerIntervalMs: checkedMs('heartbeatBrokerIntervalMs', options.heartbeatBrokerIntervalMs ?? 30_000),
    credentials: secretCredentials(options.credentials),
    tls: secretTls(options.tls ?? false),
    vipChannelEnabled: options.vipChannelEnabled ?? false,
    logger: options.logger,
    metrics: checkedMetrics(options.metrics),
    rpcInterceptors: rpcInterceptorsOf(options),
    serialization: checkedSerialization(advanced.serialization ?? 'JSON'),
    language: advanced.language,
    instanceName: advanced.instanceName,
    unitName: advanced.unitName,
    unitMode: advanced.unitMode ?? false,
    clock: advanced.clock ?? systemClock,
    dialer: advanced.dialer ?? dialTcp,
  }
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

function checkedMetrics(metrics: MetricsRecorder | undefined): MetricsRecorder | undefined {
  const given: { record?: unknown; observe?: unknown } | undefined = metrics
  if (given === undefined || (typeof given.record === 'function' && typeof given.observe === 'function')) return metrics
  throw new RocketMQError('INVALID_ARGUMENT', 'metrics must have the methods record and observe')
}

function checkedSerialization(type: string): SerializeType {
  if (type === 'JSON' || type === 'ROCKETMQ') return type
  throw new RocketMQError('INVALID_ARGUMENT', `advanced.serialization is ${type}; it must be JSON or ROCKETMQ`)
}

/** An option that is there but undefined must not hide the environment's. */
function withoutUndefined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T
}
