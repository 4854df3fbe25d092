import { dialTcp } from '../lib/remoting/dialer'
import { RemotingClient } from '../lib/remoting/remoting-client'
import { systemClock } from '../lib/runtime/clock'
import { Log } from '../lib/runtime/log'

/** Single requests to brokers, for what surrounds a measurement. */
export function openBenchRemoting(requestTimeoutMs = 3000): RemotingClient {
  return new RemotingClient({
    clock: systemClock,
    log: new Log('bench', undefined, systemClock),
    dial: dialTcp,
    identity: { version: 477, language: () => 'OTHER', serializeType: 'JSON' },
    connectTimeoutMs: 3000,
    requestTimeoutMs,
  })
}
