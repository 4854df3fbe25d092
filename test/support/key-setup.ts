import { ConsumeRates } from '../../lib/consumer/push/consume-rates'
import { KeyOrderedService, type KeyOrderedServiceOptions } from '../../lib/consumer/push/key-ordered-service'
import { ProcessQueue } from '../../lib/consumer/push/process-queue'
import { RateGate } from '../../lib/consumer/push/rate-gate'
import type { RocketMQError } from '../../lib/errors'
import { PROPERTY } from '../../lib/model/property-names'
import { ManualClock } from '../../lib/runtime/manual-clock'
import { encodeProperties } from '../../lib/wire/properties'
import type { StoredMessage } from '../../lib/wire/stored-message'
import { deferred } from './fake-client'
import { storedMessage } from './records'

const LIMITS = { maxMessages: 1000, maxBytes: 1e9, maxSpan: 2000 }
export const SUSPEND = 'SUSPEND_CURRENT_QUEUE_A_MOMENT'

/** A call of the listener, which the test ends. */
export interface KeyCall {
  readonly texts: string[]
  readonly queueId: number
  readonly signal: AbortSignal
  end(result?: unknown): void
  fail(error?: unknown): void
}

/** A message with a key, `-` for none; its body is the key and the offset. */
export function keyed(key: string, queueOffset: number): StoredMessage {
  const properties = encodeProperties({ [PROPERTY.SHARDING_KEY]: key === '-' ? undefined : key })
  return storedMessage({ queueOffset, properties, body: Buffer.from(`${key}${queueOffset}`) })
}

/** Puts a message for each of the keys. */
export function fillKeys(queue: ProcessQueue, keys: string): StoredMessage[] {
  const from = queue.nextBeginOffset
  const messages = Array.from(keys, (key, index) => keyed(key, from + index))
  queue.put(messages, from + messages.length)
  return messages
}

/** A process queue with a message for each of the keys, at offsets from `from` up. */
export function keyQueue(keys: string, { queueId = 0, from = 0 } = {}): ProcessQueue {
  const queue = new ProcessQueue({ topic: 'Orders', brokerName: 'broker-a', queueId }, from, LIMITS)
  fillKeys(queue, keys)
  return queue
}

/** A key-ordered service whose listener's calls and whose dead letters end as the test says. */
export function keySetup(options: Partial<KeyOrderedServiceOptions> = {}) {
  const clock = new ManualClock()
  const rates = new ConsumeRates()
  const calls: KeyCall[] = []
  const commits: string[] = []
  const listenerErrors: string[] = []
  const errors: RocketMQError[] = []
  const dead: string[] = []
  const back = { outcome: (): Promise<void> => Promise.resolve() }
  const locks = { held: new Set<number>([0, 1, 2, 3]), asked: 0, onLock: (): unknown => undefined }
  const service = new KeyOrderedService({
    consumerGroup: 'g',
    batchSize: 1,
    concurrency: 8,
    clock,
    rate: new RateGate(clock, undefined),
    rates,
    suspendMs: 1000,
    maxReconsumeTimes: 16,
    locks: {
      isLocked: ({ queueId }) => locks.held.has(queueId),
      lock: async () => {
        locks.asked++
        await locks.onLock()
      },
    },
    sendBack: {
      sendBack: (message, delayLevel) => {
        dead.push(`${message.text()} at ${delayLevel}`)
        return back.outcome()
      },
      sendToRetryTopic: () => Promise.reject(new Error('order by key never uses the retry topic')),
    },
    onCommit: (queue, offset) => commits.push(`${queue.queue.queueId}:${offset}`),
    onListenerError: (error, messages) =>
      listenerErrors.push(`${error.message} for ${messages.map(each => each.text())}`),
    onBackgroundError: error => errors.push(error),
    listener: (messages, { messageQueue, signal }) => {
      const { promise, resolve, reject } = deferred<unknown>()
      const texts = messages.map(message => message.text())
      calls.push({ texts, queueId: messageQueue.queueId, signal, end: resolve, fail: reject })
      return promise as Promise<void>
    },
    ...options,
  })
  const settle = (): Promise<void> => clock.advance(0)
  /** Ends the newest call with these messages and lets what follows begin. */
  const end = async (texts: string, result?: unknown): Promise<void> => {
    const call = calls.findLast(each => each.texts.join() === texts)
    if (call === undefined) throw new Error(`no call for ${texts}; there were ${shown(calls).join(' ')}`)
    call.end(result)
    await settle()
  }
  return { clock, rates, calls, commits, listenerErrors, errors, dead, back, locks, service, settle, end }
}

/** The messages of each call. */
export const shown = (calls: readonly KeyCall[]): string[] => calls.map(call => call.texts.join())
