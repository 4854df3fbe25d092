import { RocketMQError } from '../../errors'
import type { Clock } from '../../runtime/clock'
import { asTyped } from '../as-typed'
import type { BrokerClocks } from './broker-clocks'
import type { InvisibleTime } from './invisible-time'
import type { PopEntry, PopProcessQueue } from './pop-process-queue'
import { receiptOf } from './receipt'

export interface RenewalsOptions {
  readonly consumerGroup: string
  readonly clock: Pick<Clock, 'monotonic'>
  readonly clocks: Pick<BrokerClocks, 'remainingMs'>
  readonly invisibleTime: Pick<InvisibleTime, 'change'>
  /** What the invisible time is renewed to, ms. */
  readonly invisibleMs: number
  /** A listener that takes longer is not waited for, ms. */
  readonly consumeTimeoutMs: number
  /** Also of messages that wait: in order, none may be given to others while those before it are here. */
  readonly renewsHeld: boolean
  readonly onBackgroundError: (error: RocketMQError) => void
}

/** Keeps messages hidden while their listeners work on them. */
export class Renewals {
  readonly #options: RenewalsOptions

  constructor(options: RenewalsOptions) {
    this.#options = options
  }

  /** How often `sweep` is to be called, ms: so often that none can run out in between. */
  get everyMs(): number {
    return Math.ceil(this.#options.invisibleMs / 6)
  }

  /** Renews what has less than half of its time left. */
  sweep(queues: Iterable<PopProcessQueue>): void {
    for (const queue of queues) for (const entry of queue.entries) if (this.#isDue(entry)) this.#renew(entry)
  }

  #isDue(entry: PopEntry): boolean {
    const { consumeTimeoutMs, renewsHeld, clock, clocks, consumerGroup, invisibleMs } = this.#options
    const { isRunning } = entry
    if (entry.renewal !== undefined || entry.isOverdue || !(isRunning || renewsHeld)) return false
    if (isRunning && clock.monotonic() - entry.startedAt >= consumeTimeoutMs) {
      this.#giveUp(entry)
      return false
    }
    const leftMs = clocks.remainingMs(receiptOf(entry.message, consumerGroup).info)
    return leftMs > 0 && leftMs <= invisibleMs / 2
  }

  #giveUp(entry: PopEntry): void {
    const { consumerGroup: group, consumeTimeoutMs, onBackgroundError } = this.#options
    const { msgId, topic } = entry.message
    entry.isOverdue = true
    const says = `the listener has message ${msgId} of ${topic} for more than ${consumeTimeoutMs} ms: it is delivered again, and its place stays taken until it ends`
    onBackgroundError(new RocketMQError('LISTENER_TIMEOUT', says, { topic, group }))
  }

  #renew(entry: PopEntry): void {
    const { invisibleTime, invisibleMs, onBackgroundError } = this.#options
    const { message } = entry
    entry.renewal = invisibleTime
      .change(message, invisibleMs)
      .then(
        () => undefined,
        (error: unknown) => {
          const says = `the invisible time of message ${message.msgId} of ${message.topic} could not be renewed`
          onBackgroundError(asTyped(error, says, { topic: message.topic }))
        },
      )
      .finally(() => (entry.renewal = undefined))
  }
}
