import type { Log } from '../../runtime/log'
import { PendingWork } from '../../runtime/pending-work'
import type { RocketMQError } from '../../errors'
import type { StoredMessage } from '../../wire/stored-message'
import { asTyped } from '../as-typed'
import { type SendBack, TO_DEAD_LETTERS } from '../send-back'
import type { Settle } from '../settling'
import type { Acknowledger } from './acknowledger'
import type { BrokerClocks } from './broker-clocks'
import type { InvisibleTime } from './invisible-time'
import { popDelayMs } from './pop-delays'
import type { PopEntry, PopProcessQueue } from './pop-process-queue'
import { expired, receiptOf } from './receipt'

export interface PopSettlementOptions {
  readonly consumerGroup: string
  readonly log: Log
  readonly acknowledger: Pick<Acknowledger, 'ack' | 'settled'>
  readonly invisibleTime: Pick<InvisibleTime, 'change' | 'release'>
  readonly clocks: Pick<BrokerClocks, 'remainingMs'>
  readonly sendBack: Pick<SendBack, 'sendBack'>
  /** Tries after which a message goes to the dead letters. */
  readonly maxReconsumeTimes: number
  readonly onBackgroundError: (error: RocketMQError) => void
  readonly settle: Settle
}

/** Tells brokers what has become of popped messages. Nothing here rejects: failures are events, and the messages come again. */
export class PopSettlement {
  readonly #options: PopSettlementOptions
  readonly #work = new PendingWork()

  constructor(options: PopSettlementOptions) {
    this.#options = options
  }

  /** True where others may have the message by now. */
  isOver({ message }: PopEntry): boolean {
    const { clocks, consumerGroup } = this.#options
    return clocks.remainingMs(receiptOf(message, consumerGroup).info) <= 0
  }

  /** True for a message that was tried so often that its listener is not to have it any more. */
  isSpent({ message }: PopEntry): boolean {
    return message.reconsumeTimes > this.#options.maxReconsumeTimes
  }

  /** True for a message that goes to the dead letters when it fails. */
  isLastTry({ message }: PopEntry): boolean {
    return message.reconsumeTimes >= this.#options.maxReconsumeTimes
  }

  /** The message is handled. */
  done(queue: PopProcessQueue, entry: PopEntry): void {
    this.#settle(queue, entry, () => this.#ack(entry.message))
  }

  /**
   * The message failed: it comes again after a while, or goes to the dead letters where it did so too often.
   * @param delayLevel 0: by the number of tries; negative: to the dead letters at once
   */
  failed(queue: PopProcessQueue, entry: PopEntry, delayLevel: number): void {
    const { message } = entry
    const isLast = delayLevel < 0 || this.isLastTry(entry)
    this.#settle(queue, entry, () => (isLast ? this.#bury(message) : this.#hide(message, delayLevel)))
  }

  /** It is not known whether the message counts as handled: others have it soon. */
  open(queue: PopProcessQueue, entry: PopEntry): void {
    this.#settle(queue, entry, () => this.#options.invisibleTime.release([entry.message]))
  }

  /** Messages that nobody asked for; they would come again and again. */
  unwanted(messages: readonly StoredMessage[]): void {
    for (const message of messages) this.#track(this.#ack(message))
  }

  /** Lets others have what no listener has begun with. */
  release(messages: readonly StoredMessage[]): void {
    if (messages.length > 0) this.#track(this.#options.invisibleTime.release(messages))
  }

  /** Resolves when brokers were told of everything. */
  async settled(): Promise<void> {
    await this.#work.settled()
    await this.#options.acknowledger.settled()
  }

  #settle(queue: PopProcessQueue, entry: PopEntry, tell: () => Promise<void>): void {
    const settle = async (): Promise<void> => {
      await entry.renewal
      if (!this.isOver(entry)) await tell()
      // Whoever took too long was told so.
      else if (!entry.isOverdue) this.#options.onBackgroundError(this.#tooLate(entry))
    }
    this.#track(settle().finally(() => queue.finish([entry])))
  }

  #track(work: Promise<void>): void {
    void this.#work.add(
      work.catch((error: unknown) => {
        const { consumerGroup, log, onBackgroundError } = this.#options
        log.warn('a broker could not be told what became of a popped message', { group: consumerGroup, error })
        onBackgroundError(asTyped(error, 'a broker could not be told what became of a popped message'))
      }),
    )
  }

  #ack(message: StoredMessage): Promise<void> {
    const { acknowledger, consumerGroup, settle } = this.#options
    return settle('ack', [message], () => acknowledger.ack(receiptOf(message, consumerGroup)))
  }

  async #hide(message: StoredMessage, delayLevel: number): Promise<void> {
    const { invisibleTime, settle } = this.#options
    const delayMs = popDelayMs(message.reconsumeTimes, delayLevel)
    await settle('changeInvisibleDuration', [message], () => invisibleTime.change(message, delayMs))
  }

  /** Acknowledged only when the dead letters have it. */
  async #bury(message: StoredMessage): Promise<void> {
    try {
      await this.#options.sendBack.sendBack(message, TO_DEAD_LETTERS)
    } catch (error) {
      await this.#hide(message, 0)
      throw error
    }
    await this.#ack(message)
  }

  #tooLate({ message }: PopEntry): RocketMQError {
    const { consumerGroup } = this.#options
    return expired(receiptOf(message, consumerGroup), consumerGroup)
  }
}
