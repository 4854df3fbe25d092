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
 * @throws RocketMQError INVALID_ARGUMENT where a variable holds no number
 */
export function optionsFromEnv(env: Readonly<Record<string, string | undefined>> = process.env): ClientOptions {
  const options: Record<string, string | number> = {}
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
