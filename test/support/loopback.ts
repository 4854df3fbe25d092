import { GET_MAX_OFFSET } from '../../lib/commands/offset'
import type { ReplyOf, RequestOf } from '../../lib/commands/command'
import { dialTcp } from '../../lib/remoting/dialer'
import { RemotingClient, type RemotingClientOptions } from '../../lib/remoting/remoting-client'
import { ManualClock } from '../../lib/runtime/manual-clock'
import { silentLog } from './recording-log'
import { ScriptedServer, type ScriptedServerOptions } from './scripted-server'

/** A scripted server and a remoting client, both on one clock that stands still. */
export interface Loopback {
  readonly clock: ManualClock
  readonly server: ScriptedServer
  readonly client: RemotingClient
  /** Address of the server. */
  readonly address: string
  close(): Promise<void>
}

type Options = Partial<RemotingClientOptions> & Omit<ScriptedServerOptions, 'clock'>

export async function openLoopback(options: Options = {}): Promise<Loopback> {
  const clock = new ManualClock()
  const server = await ScriptedServer.start({ ...options, clock })
  const client = new RemotingClient(clientOptions(clock, options))
  return {
    clock,
    server,
    client,
    address: server.address,
    async close() {
      await server.stop()
      await client.close()
    },
  }
}

/** What a remoting client of a test is made with. */
export function clientOptions(clock: ManualClock, options: Partial<RemotingClientOptions> = {}): RemotingClientOptions {
  return {
    clock,
    log: silentLog(clock),
    dial: dialTcp,
    identity: { version: 477, language: () => 'OTHER', serializeType: 'JSON' },
    connectTimeoutMs: 3000,
    requestTimeoutMs: 3000,
    ...options,
  }
}

/** A request that is easily told from others by its number. */
export function numbered(queueId: number): RequestOf<typeof GET_MAX_OFFSET> {
  return { header: { topic: 'T', queueId } }
}

/** Answers GET_MAX_OFFSET with the number of its queue. */
export function echoNumbers(server: ScriptedServer): void {
  server.handlers.on(GET_MAX_OFFSET, ({ header }): ReplyOf<typeof GET_MAX_OFFSET> => ({
    code: 'SUCCESS',
    header: { offset: header.queueId },
  }))
}

/** An address of loopback that nobody listens at, as its listener has just gone. */
export async function deadAddress(): Promise<string> {
  const server = await ScriptedServer.start({ clock: new ManualClock() })
  const { address } = server
  await server.stop()
  return address
}
