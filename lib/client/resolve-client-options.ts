import { RocketMQError } from '../errors'
import { namespaceOfEndpoint } from '../model/endpoint'
import { dialTcp } from '../remoting/dialer'
import { systemClock } from '../runtime/clock'
import type { SerializeType } from '../wire/remoting-command'
import { checkedMs } from './checked-options'
import type { ClientOptions, ResolvedClientOptions } from './client-options'
import { optionsFromEnv } from './env'

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
    logger: options.logger,
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

function checkedSerialization(type: string): SerializeType {
  if (type === 'JSON' || type === 'ROCKETMQ') return type
  throw new RocketMQError('INVALID_ARGUMENT', `advanced.serialization is ${type}; it must be JSON or ROCKETMQ`)
}

/** An option that is there but undefined must not hide the environment's. */
function withoutUndefined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T
}
