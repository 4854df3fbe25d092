import { PUSH_REPLY_MESSAGE_TO_CLIENT } from '../../lib/commands/callback'
import { HEART_BEAT, UNREGISTER_CLIENT } from '../../lib/commands/client'
import { SEND_REPLY_MESSAGE_V2 } from '../../lib/commands/send'
import { acquireClient } from '../../lib/client/client-registry'
import { resolveClientOptions } from '../../lib/client/resolve-client-options'
import type { ClientOptions } from '../../lib/index'
import { dialTcp } from '../../lib/remoting/dialer'
import { RemotingClient } from '../../lib/remoting/remoting-client'
import { systemClock } from '../../lib/runtime/clock'
import { Log } from '../../lib/runtime/log'
import type { Site } from './site'
import { answered } from './until'

function remotingClient(onClosed?: () => void): RemotingClient {
  const identity = { version: 477, language: () => 'OTHER', serializeType: 'JSON' as const }
  const limits = { connectTimeoutMs: 3000, requestTimeoutMs: 12_000 }
  const options = { clock: systemClock, log: new Log('test'), dial: dialTcp, identity, ...limits }
  return new RemotingClient({ ...options, ...(onClosed && { onClosed }) })
}

/** A client of the test's own: heartbeats and what comes of them, by hand. */
export class HandMadeClient {
  readonly closed: Promise<void>
  readonly #remoting: RemotingClient
  readonly #address: string
  readonly #clientID: string

  constructor(address: string, clientID: string) {
    let hear = (): void => undefined
    this.closed = new Promise(resolve => (hear = resolve))
    this.#remoting = remotingClient(hear)
    this.#remoting.handlers.on(PUSH_REPLY_MESSAGE_TO_CLIENT, () => ({ code: 'SUCCESS' as const }))
    this.#address = address
    this.#clientID = clientID
  }

  async heartbeat(...groups: string[]): Promise<void> {
    const producerDataSet = groups.map(groupName => ({ groupName }))
    const body = { clientID: this.#clientID, producerDataSet, consumerDataSet: [] }
    await this.#remoting.invoke(this.#address, HEART_BEAT, { body })
  }

  async unregister(producerGroup: string): Promise<void> {
    const header = { clientID: this.#clientID, producerGroup }
    await this.#remoting.invoke(this.#address, UNREGISTER_CLIENT, { header })
  }

  close(): Promise<void> {
    return this.#remoting.close()
  }
}

/** Sends replies to clients, by the broker that they are to be connected to. */
export class Replier {
  readonly address: string
  readonly #topic: string
  readonly #remoting = remotingClient()

  private constructor(address: string, topic: string) {
    this.address = address
    this.#topic = topic
  }

  static async at(site: Site): Promise<Replier> {
    const topic = await site.freshTopic(1)
    const admin = await site.admin()
    const [broker] = (await admin.topicRoute(topic)).brokerDatas
    const replier = new Replier(broker?.brokerAddrs.get(0) ?? '', topic)
    site.onEnd(() => replier.#remoting.close())
    return replier
  }

  /** What the broker says of a reply to a client: 'reached', or why not. */
  async reply(clientId: string, producerGroup: string): Promise<string> {
    const header = {
      producerGroup,
      topic: this.#topic,
      defaultTopic: 'TBW102',
      defaultTopicQueueNums: 4,
      queueId: 0,
      sysFlag: 0,
      bornTimestamp: systemClock.now(),
      flag: 0,
      properties: `REPLY_TO_CLIENT\u0001${clientId}\u0002CORRELATION_ID\u0001c-1\u0002`,
      reconsumeTimes: 0,
      unitMode: false,
      batch: false,
    }
    const request = { header, body: Buffer.from('the reply') }
    return this.#remoting.invoke(this.address, SEND_REPLY_MESSAGE_V2, request).then(
      () => 'reached',
      (error: Error) => error.message,
    )
  }

  /** Resolves once replies reach the client, or do not any more. */
  async reaches(clientId: string, group: string, does: boolean): Promise<void> {
    const isRight = (says: string): boolean => (does ? says === 'reached' : says.includes('not found'))
    await answered(() => this.reply(clientId, group), isRight, {
      what: `that replies do${does ? '' : ' not'} reach it`,
    })
  }
}

/** Has a producer's client take replies, and notes them. */
export function takeReplies(site: Site, options: ClientOptions, producerGroup: string): string[] {
  const taken: string[] = []
  const resolved = resolveClientOptions({ ...site.defaults, ...options })
  const lease = acquireClient(resolved, { kind: 'admin', group: `replies of ${producerGroup}` })
  const stop = lease.client.handle(PUSH_REPLY_MESSAGE_TO_CLIENT, producerGroup, ({ body }) => {
    taken.push(Buffer.from(body).toString())
    return { code: 'SUCCESS' as const }
  })
  site.onEnd(async () => {
    stop()
    await lease.release()
  })
  return taken
}
