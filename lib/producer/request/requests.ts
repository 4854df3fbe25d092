import { randomUUID } from 'node:crypto'
import type { ClientInstance } from '../../client/client-instance'
import { RocketMQError } from '../../errors'
import type { Message, MessageExt } from '../../model/message'
import { checkMessage } from '../../model/message-rules'
import { replyTopic } from '../../model/names'
import type { BrokerData } from '../../model/topic-route'
import type { SendResult } from '../../model/results'
import type { CallOptions } from '../../remoting/remoting-client'
import { withDeadline } from '../../runtime/deadline'
import { InFlightLimit } from '../../sending/in-flight-limit'
import { beforeSending, sendFailure } from '../../sending/send-failure'
import { type SendOptions, checkSendOptions } from '../../sending/send-options'
import type { Sender } from '../../sending/sender'
import type { AdjustMessage } from '../send-pipeline'
import { asRequest } from './request-message'

export interface RequestsOptions {
  readonly client: Pick<ClientInstance, 'clientId' | 'clock' | 'heartbeat' | 'replies' | 'routes'> & {
    readonly nameServers: Pick<ClientInstance['nameServers'], 'addresses'>
  }
  readonly sender: Pick<Sender, 'findRoute'>
  readonly maxRequests: number
  /** Limit of a request that brings none of its own, ms. */
  readonly timeoutMs: number
  readonly send: (message: Message, options: SendOptions, adjust: AdjustMessage) => Promise<SendResult>
}

/** Messages that are replied to. Brokers push a reply to the client that asked, which each of its cluster must know. */
export class Requests {
  readonly #options: RequestsOptions
  readonly #limit: InFlightLimit
  /** By cluster: settled once its brokers have heard of this client. */
  readonly #announced = new Map<string, Promise<void>>()
  readonly #waiting = new Set<(error: Error) => void>()

  constructor(options: RequestsOptions) {
    this.#options = options
    this.#limit = new InFlightLimit({ maxMessages: options.maxRequests, maxBytes: Infinity }, options.client.clock)
  }

  /** Requests that have begun and have no reply yet. */
  get size(): number {
    return this.#limit.messages
  }

  /** @throws RocketMQError REQUEST_TIMEOUT, ABORTED, INVALID_STATE, UNSUPPORTED_BY_BROKER behind a proxy, and as a send */
  async request(message: Message, options: SendOptions): Promise<MessageExt> {
    beforeSending(() => {
      checkSendOptions(options)
      checkMessage(message)
    })
    const { clock } = this.#options.client
    const { timeoutMs = this.#options.timeoutMs, signal } = options
    const endsAt = clock.monotonic() + timeoutMs
    const rest = (): SendOptions & { timeoutMs: number } => {
      return { ...options, timeoutMs: Math.max(1, Math.ceil(endsAt - clock.monotonic())) }
    }
    let sent: 'NO' | 'UNKNOWN' = 'NO'
    try {
      await this.#limit.enter(0, { timeoutMs, signal })
      try {
        await this.#announce(message.topic, rest())
        sent = 'UNKNOWN'
        return await this.#exchange(message, rest)
      } finally {
        this.#limit.leave(0)
      }
    } catch (error) {
      throw sendFailure(error, sent, signal)
    }
  }

  /** Requests that wait for their reply fail. */
  close(error: Error): void {
    for (const fail of this.#waiting) fail(error)
  }

  async #exchange(message: Message, rest: () => SendOptions & { timeoutMs: number }): Promise<MessageExt> {
    const { client, send } = this.#options
    const options = rest()
    const { timeoutMs, signal } = options
    const correlationId = randomUUID()
    let forget = (): void => undefined
    const replied = new Promise<MessageExt>((resolve, reject) => {
      const ended = client.replies.expect(correlationId, (error, reply) =>
        error === undefined ? resolve(reply as MessageExt) : reject(error),
      )
      this.#waiting.add(reject)
      forget = () => {
        ended()
        this.#waiting.delete(reject)
      }
    })
    const ids = { correlationId, clientId: client.clientId, timeoutMs }
    const sent = send(message, options, prepared => asRequest(prepared, ids))
    try {
      // A reply says more than the answer to the send, which may get lost.
      const outcome = Promise.race([replied, sent.then(() => replied)])
      const onTimeout = (): RocketMQError => noReply(message.topic, timeoutMs)
      return await withDeadline(outcome, { clock: client.clock, timeoutMs, signal, onTimeout })
    } finally {
      forget()
    }
  }

  /** Makes sure that every broker that may get the reply knows this client. */
  async #announce(topic: string, call: SendOptions & { timeoutMs: number }): Promise<void> {
    const { client, sender } = this.#options
    if (client.routes.get(topic) === undefined) await sender.findRoute(topic, call)
    const brokers = client.routes.get(topic)?.brokerDatas ?? []
    mustPassReplies(topic, brokers, client.nameServers.addresses)
    for (const { cluster } of brokers) {
      let announced = this.#announced.get(cluster)
      if (announced === undefined) this.#announced.set(cluster, (announced = this.#announceTo(cluster, call)))
      const { timeoutMs, signal } = call
      const onTimeout = (): RocketMQError => notAnnounced(cluster, timeoutMs)
      await withDeadline(announced, { clock: client.clock, timeoutMs, signal, onTimeout })
    }
  }

  async #announceTo(cluster: string, call: CallOptions): Promise<void> {
    const { client, sender } = this.#options
    // The topic of replies is on all brokers of a cluster; where it is not, those of known topics must do.
    await sender.findRoute(replyTopic(cluster), call).catch((error: unknown) => {
      if (!RocketMQError.is(error) || error.code !== 'TOPIC_NOT_FOUND') this.#announced.delete(cluster)
    })
    await client.heartbeat()
  }
}

/** A server that tells routes and stands for brokers is a proxy of 5.x, which passes no reply on. */
function mustPassReplies(topic: string, brokers: readonly BrokerData[], nameServers: readonly string[]): void {
  const addresses = brokers.flatMap(({ brokerAddrs }) => [...brokerAddrs.values()])
  const address = addresses.find(each => nameServers.includes(each))
  if (address === undefined) return
  const says = `${address} is a proxy, which passes no replies on: give requests the name servers as namesrvAddr`
  throw new RocketMQError('UNSUPPORTED_BY_BROKER', says, { address, topic, sent: 'NO' })
}

function noReply(topic: string, timeoutMs: number): RocketMQError {
  const says = `the request to topic ${topic} was sent, and no reply came within ${Math.round(timeoutMs)} ms`
  return new RocketMQError('REQUEST_TIMEOUT', says, { topic, sent: 'UNKNOWN' })
}

function notAnnounced(cluster: string, timeoutMs: number): RocketMQError {
  const says = `the brokers of ${cluster} could not be told within ${Math.round(timeoutMs)} ms whom to push replies to`
  return new RocketMQError('REQUEST_TIMEOUT', says, { sent: 'NO' })
}
