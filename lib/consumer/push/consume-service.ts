import type { RocketMQError } from '../../errors'
import type { MessageExt } from '../../model/message'
import type { Clock } from '../../runtime/clock'
import type { ConsumeRates } from './consume-rates'
import type { ProcessQueue } from './process-queue'
import type { RateGate } from './rate-gate'
import type { SendBack } from '../send-back'

/** Hands the messages of process queues to the listener: concurrently, or each queue or key in order. */
export interface ConsumeService {
  /** Listener calls under way. */
  readonly running: number
  /** A queue has messages to handle. */
  submit(queue: ProcessQueue): void
  /** How many listener calls may run at a time. */
  updateConcurrency(concurrency: number): void
  /** Begins no more listener calls; resolves when those under way, and what they handed back, have ended. */
  drain(): Promise<void>
}

/** What services need for messages of any origin. */
export interface ServiceOptions {
  readonly consumerGroup: string
  readonly batchSize: number
  readonly concurrency: number
  readonly clock: Clock
  /** How many messages a second the listener is given. */
  readonly rate: Pick<RateGate, 'isOpen' | 'passed'>
  /** Hears of every listener call. */
  readonly rates: Pick<ConsumeRates, 'of'>
  /** A listener failed; its messages will come again, or are dropped when broadcasting. */
  readonly onListenerError: (error: Error, messages: readonly MessageExt[]) => void
  readonly onBackgroundError: (error: RocketMQError) => void
}

/** What all kinds of service need for messages that were pulled. */
export interface ConsumeServiceOptions extends ServiceOptions {
  /** Undefined for broadcasting, where nothing is sent back. */
  readonly sendBack: Pick<SendBack, 'sendBack' | 'sendToRetryTopic'> | undefined
  /** The commit offset of a queue has moved. */
  readonly onCommit: (queue: ProcessQueue, offset: number) => void
}

export function messagesOf(entries: readonly { readonly message: MessageExt }[]): MessageExt[] {
  return entries.map(({ message }) => message)
}

/** True for promises of any make. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
}
