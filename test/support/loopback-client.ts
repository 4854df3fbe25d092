import { dialTcp } from '../../lib/remoting/dialer'
import { RemotingClient } from '../../lib/remoting/remoting-client'
import { type Clock, systemClock } from '../../lib/runtime/clock'
import { Log } from '../../lib/runtime/log'
import type { SerializeType } from '../../lib/wire/remoting-command'

export interface LoopbackClientOptions {
  readonly clock?: Clock
  /** MQVersion ordinal to announce; default 477. */
  readonly version?: number
  readonly language?: string
  readonly serializeType?: SerializeType
}

/** A remoting client as a test needs it; `close()` it at the end. */
export function loopbackClient(options: LoopbackClientOptions = {}): RemotingClient {
  const { clock = systemClock, version = 477, language = 'OTHER', serializeType = 'JSON' } = options
  return new RemotingClient({
    clock,
    log: new Log('test'),
    dial: dialTcp,
    identity: { version, language: () => language, serializeType },
    connectTimeoutMs: 3000,
    requestTimeoutMs: 60_000,
  })
}
