import { RocketMQError } from '../errors'
import type { ClientOptions } from './client-options'

/** Client options by environment variable; `docs/configuration.md` lists them. */
const VARIABLES = {
  requestTimeoutMs: 'ROCKETWIRE_REQUEST_TIMEOUT_MS',
  connectTimeoutMs: 'ROCKETWIRE_CONNECT_TIMEOUT_MS',
  pollNameServerIntervalMs: 'ROCKETWIRE_POLL_NAME_SERVER_INTERVAL_MS',
  heartbeatBrokerIntervalMs: 'ROCKETWIRE_HEARTBEAT_BROKER_INTERVAL_MS',
} as const

/**
 * The client options that the environment gives: NAMESRV_ADDR, as for Java, and ROCKETWIRE_* for others. Omitted
 * options are filled from it.
 * @throws RocketMQError INVALID_ARGUMENT where a variable does not hold what it must, or only one of two keys is there
 */
export function optionsFromEnv(env: Readonly<Record<string, string | undefined>> = process.env): ClientOptions {
  const options: Record<string, unknown> = { ...credentialsFrom(env), ...tlsFrom(env) }
  const namesrvAddr = env['NAMESRV_ADDR']
  if (namesrvAddr !== undefined && namesrvAddr !== '') options['namesrvAddr'] = namesrvAddr
  for (const [option, variable] of Object.entries(VARIABLES)) {
    const text = env[variable]
    if (text === undefined || text === '') continue
    if (!/^\d+$/.test(text))
      throw new RocketMQError('INVALID_ARGUMENT', `${variable} is "${text}"; it must be a number of milliseconds`)
    options[option] = Number(text)
  }
  return options
}

function credentialsFrom(env: Readonly<Record<string, string | undefined>>): ClientOptions {
  const { ROCKETWIRE_ACCESS_KEY: accessKey, ROCKETWIRE_SECRET_KEY: secretKey } = env
  if (!accessKey && !secretKey) return {}
  if (!accessKey || !secretKey) {
    const missing = accessKey ? 'ROCKETWIRE_SECRET_KEY' : 'ROCKETWIRE_ACCESS_KEY'
    throw new RocketMQError('INVALID_ARGUMENT', `${missing} is not set: keys come in pairs`)
  }
  const securityToken = env['ROCKETWIRE_SECURITY_TOKEN']
  return { credentials: { accessKey, secretKey, ...(securityToken ? { securityToken } : {}) } }
}

function tlsFrom({ ROCKETWIRE_TLS: tls }: Readonly<Record<string, string | undefined>>): ClientOptions {
  if (tls === undefined || tls === '') return {}
  if (tls !== 'true' && tls !== 'false')
    throw new RocketMQError('INVALID_ARGUMENT', `ROCKETWIRE_TLS is "${tls}"; it must be true or false`)
  return { tls: tls === 'true' }
}
