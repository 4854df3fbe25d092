import { ConsumeRates } from '../../lib/consumer/push/consume-rates'
import { ConcurrentService, type ConcurrentServiceOptions } from '../../lib/consumer/push/concurrent-service'
import type { ConsumeContext } from '../../lib/consumer/push/message-listener'
import { RateGate } from '../../lib/consumer/push/rate-gate'
import { RocketMQError } from '../../lib/errors'
import { ManualClock } from '../../lib/runtime/manual-clock'
import type { StoredMessage } from '../../lib/wire/stored-message'
import { deferred } from './fake-client'

/** Consume timeout of the service. */
export const TIMEOUT_MS = 60_000

/** A call of the listener, which the test ends. */
export interface Call {
  readonly texts: string[]
  readonly context: ConsumeContext
  end(result?: unknown): void
  fail(error?: unknown): void
}

/** A concurrent service whose listener's calls and whose messages on their way back end as the test says. */
export function concurrentSetup(options: Partial<ConcurrentServiceOptions> = {}) {
  const clock = new ManualClock()
  const rates = new ConsumeRates()
  const calls: Call[] = []
  const commits: string[] = []
  const listenerErrors: string[] = []
  const errors: RocketMQError[] = []
  const sentBack: string[] = []
  /** What becomes of messages that are sent back. */
  const back = { outcome: (): Promise<void> => Promise.resolve() }
  const service = new ConcurrentService({
    consumerGroup: 'g',
    batchSize: 1,
    concurrency: 3,
    clock,
    rate: new RateGate(clock, undefined),
    rates,
    consumeTimeoutMs: TIMEOUT_MS,
    sendBack: {
      sendBack: (message: StoredMessage, delayLevel: number) => {
        sentBack.push(`${message.text()} at ${delayLevel}`)
        return back.outcome()
      },
      sendToRetryTopic: () => Promise.reject(new Error('the concurrent service does not')),
    },
    onCommit: (queue, offset) => commits.push(`${queue.queue.queueId}:${offset}`),
    onListenerError: (error, messages) =>
      listenerErrors.push(`${error.message} for ${messages.map(each => each.text())}`),
    onBackgroundError: error => errors.push(error),
    listener: (messages, context) => {
      const { promise, resolve, reject } = deferred<unknown>()
      const texts = messages.map(message => message.text())
      calls.push({ texts, context, end: resolve, fail: reject })
      return promise as Promise<void>
    },
    ...options,
  })
  const settle = (): Promise<void> => clock.advance(0)
  return { clock, rates, calls, commits, listenerErrors, errors, sentBack, back, service, settle }
}

export const gone = new RocketMQError('CONNECT_FAILED', 'no broker')

/** The messages of all calls. */
export const textsOf = (calls: readonly Call[]): string[] => calls.flatMap(call => call.texts)
