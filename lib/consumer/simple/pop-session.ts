import type { ClientInstance } from '../../client/client-instance'
import { RocketMQError } from '../../errors'
import type { MessageExt } from '../../model/message'
import type { CallOptions } from '../../remoting/remoting-client'
import type { StoredMessage } from '../../wire/stored-message'
import { asTyped } from '../as-typed'
import { type MessageFilter, filterMessages } from '../message-filter'
import { Acknowledger } from '../pop/acknowledger'
import { BrokerClocks } from '../pop/broker-clocks'
import { InvisibleTime } from '../pop/invisible-time'
import { PopRequests } from '../pop/pop-requests'
import { type Receipt, expired, receiptOf } from '../pop/receipt'
import type { Subscriptions } from '../rebalance/subscriptions'
import { AckError, type AckFailure } from './ack-error'
import { Arrivals } from '../pop/arrivals'
import { Receiver } from './receiver'
import type { ResolvedReceiveOptions } from './simple-consumer-options'

export interface PopSessionOptions {
  readonly client: Pick<ClientInstance, 'clock' | 'log' | 'names' | 'remoting' | 'routes'>
  readonly consumerGroup: string
  readonly subscriptions: Pick<Subscriptions, 'topics' | 'get'>
  readonly fromFirst: boolean
  readonly messageFilters: readonly MessageFilter[]
  readonly onBackgroundError: (error: RocketMQError) => void
}

/** What a simple consumer that was started works with. */
export class PopSession {
  readonly #options: PopSessionOptions
  readonly #clocks: BrokerClocks
  readonly #arrivals: Arrivals
  readonly #receiver: Receiver
  readonly #acknowledger: Acknowledger
  readonly #invisibleTime: InvisibleTime
  /** Messages that were acknowledged: to hide them again would make them come again. */
  readonly #done = new WeakSet<MessageExt>()
  #received = 0
  #acknowledged = 0

  constructor(options: PopSessionOptions) {
    this.#options = options
    const { client } = options
    this.#clocks = new BrokerClocks(client.clock)
    this.#acknowledger = new Acknowledger(options)
    this.#invisibleTime = new InvisibleTime(options)
    const requests = new PopRequests({ ...options, clocks: this.#clocks })
    this.#arrivals = new Arrivals({ clock: client.clock, requests })
    this.#receiver = new Receiver({
      ...options,
      requests,
      arrivals: this.#arrivals,
      filter: filterMessages(options.messageFilters, options),
      onUnwanted: messages => void this.#ackUnseen(messages),
      onAbandoned: messages => this.#invisibleTime.release(messages),
    })
  }

  get receiving(): number {
    return this.#receiver.waiting
  }

  get received(): number {
    return this.#received
  }

  get acknowledged(): number {
    return this.#acknowledged
  }

  /** @throws RocketMQError as `Receiver.receive` does */
  async receive(options: ResolvedReceiveOptions, signal: AbortSignal): Promise<readonly MessageExt[]> {
    const messages = await this.#receiver.receive(options, signal)
    this.#received += messages.length
    return messages
  }

  /** @throws RocketMQError INVALID_RECEIPT and others; for a list `AckError` */
  async ack(messages: MessageExt | readonly MessageExt[]): Promise<void> {
    if (!Array.isArray(messages)) {
      await this.#ackOne(messages as MessageExt)
      return
    }
    const list = messages as readonly MessageExt[]
    const outcomes = await Promise.allSettled(list.map(message => this.#ackOne(message)))
    const failures = outcomes.flatMap((outcome, i): AckFailure[] => {
      if (outcome.status === 'fulfilled') return []
      const error = asTyped(outcome.reason, 'an acknowledgement failed')
      return [{ message: list[i] as MessageExt, error }]
    })
    const [first] = failures
    if (first === undefined) return
    const { consumerGroup: group } = this.#options
    const says = `${failures.length} of ${list.length} messages of group ${group} were not acknowledged and come again: ${first.error.message}`
    throw new AckError(says, failures, { group, cause: first.error })
  }

  /** @throws RocketMQError INVALID_RECEIPT and others */
  async changeInvisible(message: MessageExt, ms: number, call: CallOptions): Promise<string> {
    this.#valid(message)
    if (this.#done.has(message)) {
      const { consumerGroup: group } = this.#options
      const says = `message ${message.msgId} of ${message.topic} was acknowledged and cannot be hidden any more`
      throw new RocketMQError('INVALID_RECEIPT', says, { topic: message.topic, group })
    }
    return this.#invisibleTime.change(message as StoredMessage, ms, call)
  }

  /** Ends the waits, and resolves when nothing is under way any more. */
  async end(): Promise<void> {
    this.#arrivals.end()
    await this.#receiver.settled()
    await this.#acknowledger.settled()
  }

  async #ackOne(message: MessageExt): Promise<void> {
    await this.#acknowledger.ack(this.#valid(message))
    this.#done.add(message)
    this.#acknowledged++
  }

  #valid(message: MessageExt): Receipt {
    const { consumerGroup } = this.#options
    const receipt = receiptOf(message, consumerGroup)
    if (this.#clocks.remainingMs(receipt.info) <= 0) throw expired(receipt, consumerGroup)
    return receipt
  }

  /** What nobody is to see would come again and again: brokers compare hashes of tags only, and know no filters of the user. */
  async #ackUnseen(messages: readonly StoredMessage[]): Promise<void> {
    const { client, consumerGroup } = this.#options
    const outcomes = await Promise.allSettled(
      messages.map(message => this.#acknowledger.ack(receiptOf(message, consumerGroup))),
    )
    const failed = outcomes.find(outcome => outcome.status === 'rejected')
    if (failed !== undefined)
      client.log.warn('messages that nobody wants could not be acknowledged', { error: failed.reason as unknown })
  }
}
