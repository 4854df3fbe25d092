import { ConsumeRates } from '../../lib/consumer/push/consume-rates'
import { OrderlyService, type OrderlyServiceOptions } from '../../lib/consumer/push/orderly-service'
import { RateGate } from '../../lib/consumer/push/rate-gate'
import type { RocketMQError } from '../../lib/errors'
import { ManualClock } from '../../lib/runtime/manual-clock'
import type { StoredMessage } from '../../lib/wire/stored-message'
import { deferred } from './fake-client'

/** A call of the listener, which the test ends. */
export interface OrderlyCall {
  readonly texts: string[]
  readonly queueId: number
  end(result?: unknown): void
  fail(error?: unknown): void
}

export const SUSPEND = 'SUSPEND_CURRENT_QUEUE_A_MOMENT'
/** An orderly service whose listener's calls and whose messages on their way elsewhere end as the test says. */
export function orderlySetup(options: Partial<OrderlyServiceOptions> = {}) {
  const clock = new ManualClock()
  const rates = new ConsumeRates()
  const calls: OrderlyCall[] = []
  const commits: string[] = []
  const listenerErrors: string[] = []
  const errors: RocketMQError[] = []
  const handedOn: string[] = []
  const back = { outcome: (): Promise<void> => Promise.resolve() }
  const locks = { held: new Set<number>([0, 1, 2, 3]), asked: 0, onLock: (): unknown => undefined }
  const handOn = (message: StoredMessage, where: string): Promise<void> => {
    handedOn.push(`${message.text()} ${where}`)
    return back.outcome()
  }
  const service = new OrderlyService({
    consumerGroup: 'g',
    batchSize: 1,
    concurrency: 4,
    clock,
    rate: new RateGate(clock, undefined),
    rates,
    suspendMs: 1000,
    maxReconsumeTimes: undefined,
    locks: {
      isLocked: ({ queueId }) => locks.held.has(queueId),
      lock: async () => {
        locks.asked++
        await locks.onLock()
      },
    },
    sendBack: {
      sendBack: (message, delayLevel) => handOn(message, `back at ${delayLevel}`),
      sendToRetryTopic: message => handOn(message, 'to the retry topic'),
    },
    onCommit: (queue, offset) => commits.push(`${queue.queue.queueId}:${offset}`),
    onListenerError: (error, messages) =>
      listenerErrors.push(`${error.message} for ${messages.map(each => each.text())}`),
    onBackgroundError: error => errors.push(error),
    listener: (messages, context) => {
      const { promise, resolve, reject } = deferred<unknown>()
      const { queueId } = context.messageQueue
      calls.push({ texts: messages.map(message => message.text()), queueId, end: resolve, fail: reject })
      return promise as Promise<void>
    },
    ...options,
  })
  const settle = (): Promise<void> => clock.advance(0)
  /** Ends the newest call and lets the next begin. */
  const end = async (result?: unknown): Promise<void> => {
    calls.at(-1)?.end(result)
    await settle()
  }
  return { clock, rates, calls, commits, listenerErrors, errors, handedOn, back, locks, service, settle, end }
}

/** The messages of each call. */
export const batchesOf = (calls: readonly OrderlyCall[]): string[] => calls.map(call => call.texts.join(','))
