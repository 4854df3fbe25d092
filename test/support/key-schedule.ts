import { ConsumeRates } from '../../lib/consumer/push/consume-rates'
import { KeyOrderedService } from '../../lib/consumer/push/key-ordered-service'
import { ProcessQueue } from '../../lib/consumer/push/process-queue'
import { RateGate } from '../../lib/consumer/push/rate-gate'
import { ManualClock } from '../../lib/runtime/manual-clock'
import type { StoredMessage } from '../../lib/wire/stored-message'
import { gone } from './concurrent-setup'
import { deferred } from './fake-client'
import { SUSPEND, keyed } from './key-setup'

const QUEUES = 2
const LIMITS = { maxMessages: 1000, maxBytes: 1e9, maxSpan: 2000 }
/** A key of the log that the group does not want: its messages are filtered away. */
export const FILTERED = 'x'

export interface KeyScheduleOptions {
  readonly batchSize: number
  readonly concurrency: number
  readonly maxReconsumeTimes: number
}

interface Call {
  readonly tenure: Tenure
  readonly key: string
  readonly offsets: readonly number[]
  readonly end: (result: unknown) => void
  readonly fail: (error: unknown) => void
}

/** The plainest account of the time that a queue is ours: what was pulled, and what of it is not done. */
class Tenure {
  readonly processQueue: ProcessQueue
  readonly unfinished = new Set<number>()
  /** Messages of each key that were pulled and are not done, in order. */
  readonly lanes = new Map<string, number[]>()
  readonly failures = new Map<number, number>()
  readonly notBefore = new Map<string, number>()
  next: number

  constructor(
    readonly queueId: number,
    start: number,
  ) {
    this.next = start
    this.processQueue = new ProcessQueue({ topic: 'Orders', brokerName: 'b', queueId }, start, LIMITS)
  }

  get commit(): number {
    return Math.min(this.next, ...this.unfinished)
  }

  done(key: string, offsets: readonly number[]): void {
    if (this.processQueue.dropped) return
    for (const offset of offsets) this.unfinished.delete(offset)
    const left = (this.lanes.get(key) ?? []).filter(offset => !offsets.includes(offset))
    if (left.length > 0) this.lanes.set(key, left)
    else this.lanes.delete(key)
  }
}

/**
 * A broker with two queues and a member that takes and loses them, whose listener's calls end as a test says. Keeps the
 * plainest account of all that must hold and notes every breach of it.
 */
export class KeySchedule {
  readonly clock = new ManualClock()
  readonly breaches: string[] = []
  /** Keys of the messages of each queue. */
  readonly log: string[][] = Array.from({ length: QUEUES }, () => [])
  readonly noted = Array.from({ length: QUEUES }, () => 0)
  readonly persisted = Array.from({ length: QUEUES }, () => 0)
  readonly done = Array.from({ length: QUEUES }, () => new Set<number>())
  readonly locked = new Set([0, 1])
  /** What brokers do with dead letters. */
  burial: 'accept' | 'refuse' | 'hang' = 'accept'
  service: KeyOrderedService
  /** Calls of the listener, and dead letters that brokers accepted, in all. */
  handed = 0
  buried = 0
  calls: Call[] = []
  burials: { end(isAccepted: boolean): void }[] = []
  readonly #options: KeyScheduleOptions
  readonly #tenures: (Tenure | undefined)[] = Array.from({ length: QUEUES }, () => undefined)
  readonly #tenureOf = new WeakMap<object, Tenure>()

  constructor(options: KeyScheduleOptions) {
    this.#options = options
    this.service = this.#newService()
  }

  /** What is in hand of a queue may be handed out. */
  isOurs(queueId: number): boolean {
    return this.#tenures[queueId]?.processQueue.sealed === false
  }

  /** Takes a queue where it was committed. */
  take(queueId: number): void {
    this.drop(queueId)
    const tenure = new Tenure(queueId, this.noted[queueId] ?? 0)
    this.#tenures[queueId] = tenure
    this.#tenureOf.set(tenure.processQueue.signal, tenure)
  }

  seal(queueId: number): void {
    this.#tenures[queueId]?.processQueue.seal()
  }

  drop(queueId: number): void {
    this.#tenures[queueId]?.processQueue.drop()
    this.#tenures[queueId] = undefined
    this.persist()
  }

  persist(): void {
    this.noted.forEach((offset, queueId) => (this.persisted[queueId] = offset))
  }

  /** The process dies, and begins anew with what was written down. */
  crash(): void {
    const old = this.#tenures.splice(0, QUEUES)
    this.calls = []
    this.burials = []
    this.service = this.#newService()
    this.persisted.forEach((offset, queueId) => (this.noted[queueId] = offset))
    // The service of the dead process is deaf, too.
    for (const tenure of old) tenure?.processQueue.drop()
    for (let queueId = 0; queueId < QUEUES; queueId++) this.take(queueId)
  }

  send(queueId: number, keys: string): void {
    this.log[queueId]?.push(...keys)
  }

  pull(queueId: number, max: number): void {
    const tenure = this.#tenures[queueId]
    if (tenure === undefined || tenure.processQueue.sealed) return
    const from = tenure.next
    const keys = (this.log[queueId] ?? []).slice(from, from + max)
    const messages: StoredMessage[] = []
    for (const [index, key] of keys.entries()) {
      if (key === FILTERED) continue
      const message = keyed(key, from + index)
      this.#tenureOf.set(message, tenure)
      messages.push(message)
      tenure.unfinished.add(from + index)
      const lane = laneOf(key, from + index)
      tenure.lanes.set(lane, [...(tenure.lanes.get(lane) ?? []), from + index])
    }
    tenure.next = from + keys.length
    tenure.processQueue.put(messages, tenure.next)
    this.service.submit(tenure.processQueue)
    const commit = tenure.processQueue.takeCommit()
    if (commit !== undefined) this.#noteCommit(tenure.processQueue, commit)
  }

  succeed(index: number): void {
    const [call] = this.calls.splice(index, 1)
    if (call === undefined) return
    for (const offset of call.offsets) this.done[call.tenure.queueId]?.add(offset)
    call.tenure.done(call.key, call.offsets)
    call.end(undefined)
  }

  fail(index: number, how: 'throw' | 'suspend' | number): void {
    const [call] = this.calls.splice(index, 1)
    if (call === undefined) return
    const { tenure, key, offsets } = call
    for (const offset of offsets) tenure.failures.set(offset, (tenure.failures.get(offset) ?? 0) + 1)
    const isSpent = (tenure.failures.get(offsets[0] as number) ?? 0) > this.#options.maxReconsumeTimes
    const pauseMs = typeof how === 'number' ? how : 1000
    if (!isSpent) tenure.notBefore.set(key, this.clock.monotonic() + pauseMs)
    if (how === 'throw') call.fail(new Error('a defect'))
    else call.end({ status: SUSPEND, suspendMs: pauseMs })
  }

  /** What must hold whenever nothing is under way. */
  check(): void {
    if (this.calls.length > this.#options.concurrency) this.breaches.push('more calls than allowed')
    // Of a queue that is being given back keys may be forgotten, and one on its way to the dead letters is remembered
    // until that has an answer, also where its queue is lost.
    const { keys } = this.service
    const [least, most] = [this.#keysInHand(({ sealed }) => !sealed), this.#keysInHand(() => true)]
    if (keys < least || keys > most + this.burials.length)
      this.breaches.push(`${keys} keys are remembered, not ${least} to ${most}`)
    for (const tenure of this.#tenures) {
      if (tenure !== undefined && tenure.processQueue.commitOffset !== tenure.commit)
        this.breaches.push(`commit offset ${tenure.processQueue.commitOffset}, not ${tenure.commit}`)
    }
  }

  #keysInHand(counts: (queue: ProcessQueue) => boolean): number {
    const names = this.calls.map(({ tenure, key }) => `${tenure.queueId} ${key}`)
    for (const tenure of this.#tenures) {
      if (tenure === undefined || !counts(tenure.processQueue)) continue
      for (const lane of tenure.lanes.keys()) names.push(`${tenure.queueId} ${lane}`)
    }
    return new Set(names.filter(name => !name.includes('-'))).size
  }

  #newService(): KeyOrderedService {
    const { clock, locked } = this
    const isAlive = (): boolean => this.service === service
    const service = new KeyOrderedService({
      rate: new RateGate(clock, undefined),
      rates: new ConsumeRates(),
      ...this.#options,
      consumerGroup: 'g',
      clock,
      suspendMs: 1000,
      locks: { isLocked: ({ queueId }) => locked.has(queueId), lock: () => Promise.resolve() },
      sendBack: {
        sendBack: message => (isAlive() ? this.#bury(message) : deferred().promise),
        sendToRetryTopic: () => Promise.reject(new Error('the retry topic was used')),
      },
      onCommit: (queue, offset) => isAlive() && this.#noteCommit(queue, offset),
      onListenerError: () => undefined,
      onBackgroundError: error => {
        if (error !== gone) this.breaches.push(error.message)
      },
      listener: (messages, { signal }) => {
        const { promise, resolve, reject } = deferred<unknown>()
        if (isAlive()) this.#called(messages as readonly StoredMessage[], signal, { end: resolve, fail: reject })
        return promise as Promise<void>
      },
    })
    return service
  }

  #called(messages: readonly StoredMessage[], signal: AbortSignal, ends: Pick<Call, 'end' | 'fail'>): void {
    const tenure = this.#tenureOf.get(signal) as Tenure
    const offsets = messages.map(({ queueOffset }) => queueOffset)
    const key = laneOf(messages[0]?.shardingKey ?? '-', offsets[0] ?? -1)
    const name = `${key} at ${offsets.join()} of queue ${tenure.queueId}`
    const expected = (tenure.lanes.get(key) ?? []).slice(0, offsets.length)
    if (offsets.join() !== expected.join()) this.breaches.push(`${name} instead of ${expected.join()}`)
    if (offsets.length > this.#options.batchSize) this.breaches.push(`${name}: too large a batch`)
    if (tenure.processQueue.sealed) this.breaches.push(`${name} of a queue that is given back`)
    if (!this.locked.has(tenure.queueId)) this.breaches.push(`${name} without the lock`)
    const isBeside = (call: Call): boolean => call.tenure.queueId === tenure.queueId && call.key === key
    // A message without a key may still run from before its queue was lost: there is nothing to keep in order.
    if (!key.startsWith('-') && this.calls.some(isBeside)) this.breaches.push(`${name} beside another call`)
    if (offsets.some(offset => (tenure.failures.get(offset) ?? 0) > this.#options.maxReconsumeTimes))
      this.breaches.push(`${name} once too often`)
    if (this.clock.monotonic() < (tenure.notBefore.get(key) ?? 0)) this.breaches.push(`${name} too early`)
    this.handed++
    this.calls.push({ tenure, key, offsets, ...ends })
  }

  #bury(message: StoredMessage): Promise<void> {
    const tenure = this.#tenureOf.get(message) as Tenure
    const offset = message.queueOffset
    const key = laneOf(message.shardingKey ?? '-', offset)
    const name = `dead letter ${key} at ${offset}`
    if (tenure.lanes.get(key)?.[0] !== offset) this.breaches.push(`${name} out of turn`)
    if ((tenure.failures.get(offset) ?? 0) <= this.#options.maxReconsumeTimes) this.breaches.push(`${name} too early`)
    const { promise, resolve, reject } = deferred()
    const burial = {
      end: (isAccepted: boolean): void => {
        if (!isAccepted) {
          reject(gone)
          return
        }
        this.done[tenure.queueId]?.add(offset)
        tenure.done(key, [offset])
        this.buried++
        resolve()
      },
    }
    if (this.burial === 'hang') this.burials.push(burial)
    else burial.end(this.burial === 'accept')
    return promise
  }

  #noteCommit(queue: ProcessQueue, offset: number): void {
    const { queueId } = queue.queue
    const tenure = this.#tenures[queueId]
    if (tenure?.processQueue !== queue) this.breaches.push(`${offset} was committed for a queue that was lost`)
    else if (offset !== tenure.commit) this.breaches.push(`${offset} was committed, not ${tenure.commit}`)
    const lost = this.log[queueId]?.findIndex((key, at) => key !== FILTERED && !this.done[queueId]?.has(at)) ?? -1
    if (lost !== -1 && lost < offset) this.breaches.push(`${offset} was committed past ${lost}`)
    this.noted[queueId] = offset
  }
}

/** Without a key, each message is a key of its own. */
function laneOf(key: string, offset: number): string {
  return key === '-' ? `-${offset}` : key
}
