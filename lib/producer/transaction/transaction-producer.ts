import type { ClientInstance } from '../../client/client-instance'
import { RocketMQError, asError } from '../../errors'
import type { Message } from '../../model/message'
import type { SendResult } from '../../model/results'
import { beforeSending } from '../../sending/send-failure'
import { toSafeInteger } from '../../wire/int64'
import { decodeOffsetMsgId } from '../../wire/message-id'
import { Producer } from '../producer'
import type { ProducerStats } from '../producer-stats'
import { asHalf, checkTransactional } from './half-message'
import { type LocalOutcome, localState } from './local-state'
import { TransactionChecks } from './transaction-checks'
import { TransactionEnds } from './transaction-ends'
import type { LocalTransactionState, TransactionSendResult } from './transaction-listener'
import {
  type ResolvedTransactionOptions,
  type TransactionProducerOptions,
  type TransactionSendOptions,
  immunitySecondsOf,
  producerOptionsOf,
  resolveTransactionOptions,
  sendOptionsOf,
} from './transaction-producer-options'

/** A snapshot of what a producer of transactions is doing. */
export interface TransactionProducerStats extends ProducerStats {
  /** Transactions whose end the broker was not told yet. */
  readonly openTransactions: number
  /** Checks that the listener is answering, and those that wait for their turn. */
  readonly checksRunning: number
  /** Checks that wait for their turn. */
  readonly checksWaiting: number
  /** Checks that were dropped, as too many waited. */
  readonly checksDropped: number
}

/**
 * Sends messages that consumers see only if a local transaction is committed: the broker keeps a half message until it
 * hears of the end, and asks any producer of the group where it does not.
 *
 * @example
 * const producer = new TransactionProducer({
 *   namesrvAddr: '127.0.0.1:9876',
 *   producerGroup: 'orders',
 *   transactionListener: {
 *     executeLocalTransaction: async (message, arg, { transactionId }) => 'COMMIT_MESSAGE',
 *     checkLocalTransaction: async message => 'UNKNOW',
 *   },
 * })
 * await producer.start()
 * const result = await producer.sendInTransaction({ topic: 'Orders', body: 'hello' })
 */
export class TransactionProducer<const S extends LocalTransactionState = LocalTransactionState> extends Producer {
  readonly #options: ResolvedTransactionOptions
  #checks: TransactionChecks | undefined
  #ends: TransactionEnds | undefined
  #open = 0

  /** @throws RocketMQError INVALID_GROUP, INVALID_ARGUMENT, NO_NAME_SERVER */
  constructor(options: TransactionProducerOptions<S>) {
    const resolved = resolveTransactionOptions(options)
    super(producerOptionsOf(options))
    this.#options = resolved
  }

  /**
   * Sends a half message, does the local transaction, and tells the broker how it ended. Where the half message was stored
   * with another status than `SEND_OK` the transaction is not done and the message is rolled back. What the listener
   * throws makes the state `UNKNOW`; neither that nor an end that cannot be told makes the call reject, see the result.
   * @param arg handed to `executeLocalTransaction`
   * @throws RocketMQError INVALID_MESSAGE for a batch or a message with a delay; and as `send`, where the half message is
   * not acknowledged: the local transaction was not done then
   */
  async sendInTransaction(
    message: Message,
    arg?: unknown,
    options: TransactionSendOptions = {},
  ): Promise<TransactionSendResult> {
    const half = beforeSending(() => this.#halfOf(message, options))
    const done = this.hold()
    this.#open++
    try {
      const result = await this.sendAs(message, sendOptionsOf(options), prepared => asHalf(prepared, half))
      const outcome = await this.#execute(message, arg, result)
      const endError = await this.#end(message, result, outcome)
      return {
        ...result,
        localTransactionState: outcome.state,
        ...(outcome.error === undefined ? {} : { localError: outcome.error }),
        ...(endError === undefined ? {} : { endError }),
      }
    } finally {
      this.#open--
      done()
    }
  }

  /** What it is doing at the moment. */
  override stats(): TransactionProducerStats {
    const { running = 0, waiting = 0, dropped = 0 } = this.#checks ?? {}
    const checks = { checksRunning: running, checksWaiting: waiting, checksDropped: dropped }
    return { ...super.stats(), openTransactions: this.#open, ...checks }
  }

  /** @internal */
  protected override onAcquired(client: ClientInstance): () => void {
    const { sendTimeoutMs: timeoutMs, producerGroup: group, tracer, telemetry } = this
    const { remoting, clock } = client
    const ends = new TransactionEnds({ ...this.#options, remoting, clock, timeoutMs, tracer, telemetry })
    this.#ends = ends
    this.#checks = new TransactionChecks({
      ...this.#options,
      client,
      group,
      ends,
      hold: () => (this.isAlive ? this.hold() : undefined),
      onError: error => this.emit('backgroundError', error),
    })
    const stopListening = this.#checks.listen()
    const stopAll = super.onAcquired(client)
    return () => {
      stopListening()
      stopAll()
    }
  }

  #halfOf(message: Message, options: TransactionSendOptions): Parameters<typeof asHalf>[1] {
    this.lifecycle.mustRun()
    checkTransactional(message)
    const { names } = this.membership.client as ClientInstance
    return { group: names.wire(this.producerGroup), immunitySeconds: immunitySecondsOf(options) }
  }

  #execute(message: Message, arg: unknown, sendResult: SendResult): Promise<LocalOutcome> {
    if (sendResult.sendStatus !== 'SEND_OK') return Promise.resolve({ state: 'ROLLBACK_MESSAGE' })
    const context = { transactionId: sendResult.msgId, sendResult }
    return localState(() => this.#options.listener.executeLocalTransaction(message, arg, context))
  }

  /** Tells the broker; resolves with what went wrong. */
  async #end(message: Message, result: SendResult, outcome: LocalOutcome): Promise<Error | undefined> {
    const { routes } = this.membership.client as ClientInstance
    const brokerName = routes.hostOf(result.messageQueue)
    const { producerGroup } = this
    try {
      const address = routes.masterAddress(brokerName)
      if (address === undefined) {
        const says = `no address of the master of broker ${brokerName} is known any more`
        throw new RocketMQError('BROKER_NOT_FOUND', says, { topic: message.topic, brokerName })
      }
      const { commitLogOffset } = decodeOffsetMsgId(result.offsetMsgId)
      const header = {
        topic: message.topic,
        producerGroup,
        tranStateTableOffset: result.queueOffset,
        commitLogOffset: toSafeInteger(commitLogOffset, 'the commit-log offset'),
        fromTransactionCheck: false,
        msgId: result.msgId,
        transactionId: result.transactionId,
        bname: brokerName,
      }
      const { msgId, regionId, traceOn } = result
      await this.#ends?.tell({ header, outcome, address, message, msgId, regionId, traceOn })
      return undefined
    } catch (error) {
      return asError(error)
    }
  }
}
