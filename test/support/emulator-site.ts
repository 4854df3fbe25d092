import { HEART_BEAT } from '../../lib/commands/client'
import type { AnyCommand, ReplyOf, RequestOf } from '../../lib/commands/command'
import type { ConsumerData } from '../../lib/commands/heartbeat-data'
import { PULL_MESSAGE } from '../../lib/commands/pull'
import { SEND_MESSAGE_V2 } from '../../lib/commands/send'
import { Emulator, type EmulatorOptions } from '../../lib/emulator/index'
import type { SubscriptionData } from '../../lib/model/consumer-types'
import type { RemotingClient } from '../../lib/remoting/remoting-client'
import { encodeProperties } from '../../lib/wire/properties'
import type { StoredMessage } from '../../lib/wire/stored-message'
import { decodeStoredMessages } from '../../lib/wire/stored-message-decoder'
import { type LoopbackClientOptions, loopbackClient } from './loopback-client'
import { sendHeader } from './send-header'

type SendHeader = RequestOf<typeof SEND_MESSAGE_V2>['header']
type PullHeader = RequestOf<typeof PULL_MESSAGE>['header']
export type SendReply = ReplyOf<typeof SEND_MESSAGE_V2>
export type PullReply = ReplyOf<typeof PULL_MESSAGE>

/** What a test sends; the rest is filled in. */
export interface TestSend extends Partial<Omit<SendHeader, 'properties'>> {
  readonly properties?: Record<string, string>
  readonly body?: string | Buffer
}

/** An emulator and clients that talk to it frame by frame. */
export class EmulatorSite {
  readonly emulator: Emulator
  readonly client: RemotingClient
  readonly #options: EmulatorOptions
  readonly #clients: RemotingClient[] = []

  private constructor(emulator: Emulator, options: EmulatorOptions) {
    this.emulator = emulator
    this.#options = options
    this.client = this.newClient()
  }

  static async start(options: EmulatorOptions = {}): Promise<EmulatorSite> {
    return new EmulatorSite(await Emulator.start({ topics: { Orders: 4 }, ...options }), options)
  }

  /** Address of the first broker. */
  get address(): string {
    return this.addressOf(0)
  }

  addressOf(index: number): string {
    const broker = this.emulator.brokers[index]
    if (broker === undefined) throw new Error(`there is no broker ${index}`)
    return broker.address
  }

  newClient(options: LoopbackClientOptions = {}): RemotingClient {
    const { clock } = this.#options
    const client = loopbackClient({ ...(clock === undefined ? {} : { clock }), ...options })
    this.#clients.push(client)
    return client
  }

  /** A request to the first broker. */
  invoke<C extends AnyCommand>(command: C, request: RequestOf<C>, client = this.client): Promise<ReplyOf<C>> {
    return client.invoke(this.address, command, request)
  }

  /** A request to the first name server. */
  ask<C extends AnyCommand>(command: C, request: RequestOf<C>, client = this.client): Promise<ReplyOf<C>> {
    return client.invoke(this.emulator.namesrvAddr.split(';')[0] as string, command, request)
  }

  send(
    topic: string,
    { properties = {}, body = 'hello', ...header }: TestSend = {},
    address = this.address,
  ): Promise<SendReply> {
    return this.client.invoke(address, SEND_MESSAGE_V2, {
      header: sendHeader(topic, { properties: encodeProperties(properties), ...header }),
      body: Buffer.from(body),
    })
  }

  /** Pulls with a subscription of its own, and without waiting, unless told otherwise. */
  pull(
    topic: string,
    header: Partial<PullHeader> = {},
    { client = this.client, address = this.address }: { client?: RemotingClient; address?: string } = {},
  ): Promise<PullReply> {
    return client.invoke(address, PULL_MESSAGE, { header: pullHeader(topic, header) })
  }

  /** What `pull` finds, as messages. */
  async read(topic: string, header: Partial<PullHeader> = {}): Promise<StoredMessage[]> {
    return messagesOf(await this.pull(topic, header))
  }

  /** Registers a client on its channel. */
  heartbeat(client: RemotingClient, data: Partial<RequestOf<typeof HEART_BEAT>['body']> & { clientID: string }) {
    return this.invoke(HEART_BEAT, { body: { producerDataSet: [], consumerDataSet: [], ...data } }, client)
  }

  /** What still waits fails at once. */
  async close(): Promise<void> {
    await Promise.all([this.emulator.shutdown(), ...this.#clients.map(client => client.close())])
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

export function pullHeader(topic: string, header: Partial<PullHeader> = {}): PullHeader {
  return {
    consumerGroup: 'billing',
    topic,
    queueId: 0,
    queueOffset: 0,
    maxMsgNums: 32,
    sysFlag: 4,
    commitOffset: 0,
    suspendTimeoutMillis: 0,
    subscription: '*',
    subVersion: 0,
    expressionType: 'TAG',
    ...header,
  }
}

export function messagesOf(reply: PullReply): StoredMessage[] {
  return decodeStoredMessages(Buffer.from(reply.body), { brokerName: 'broker-a', offsetDelta: 0 }).messages
}

export function consumerData(groupName: string, topics: string[], rest: Partial<ConsumerData> = {}): ConsumerData {
  return {
    groupName,
    consumeType: 'CONSUME_PASSIVELY',
    messageModel: 'CLUSTERING',
    consumeFromWhere: 'CONSUME_FROM_LAST_OFFSET',
    subscriptionDataSet: topics.map(topic => subscription(topic)),
    unitMode: false,
    ...rest,
  }
}

export function subscription(topic: string, rest: Partial<SubscriptionData> = {}): SubscriptionData {
  return {
    topic,
    subString: '*',
    tagsSet: [],
    codeSet: [],
    subVersion: 1,
    expressionType: 'TAG',
    classFilterMode: false,
    ...rest,
  }
}
