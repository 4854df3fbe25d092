import { RocketMQError, asError } from '../../errors'
import type { MessageExt } from '../../model/message'
import { randomHex } from '../../runtime/random'
import { isThenable } from '../push/consume-service'
import type { ConsumeConcurrentlyResult, ConsumeOrderlyResult } from '../push/message-listener'
import { type BatchPlan, batchOutcome, planBatch } from './batch-plan'
import { GuardedStore } from './guarded-store'
import type { ClaimOutcome } from './idempotency-store'
import type { ResolvedIdempotentOptions } from './idempotent-options'
import { type Claim, LeaseKeeper } from './lease-keeper'
import { type Judgement, type ListenerKind, type SettableContext, listenerKind } from './listener-kind'
import { storedKey } from './message-key'

type Result = ConsumeConcurrentlyResult | ConsumeOrderlyResult
type Call = (messages: readonly MessageExt[]) => unknown

/** The messages of one call of the wrapped listener. */
interface Batch {
  readonly messages: readonly MessageExt[]
  readonly keys: readonly string[]
  /** Names the claims of this call, so that no other's are touched. */
  readonly token: string
  /** When the claims were asked for: their leases end no earlier than a lease after. */
  readonly since: number
}

/** The calls of one listener that `idempotent` has wrapped. */
export class IdempotentCalls {
  readonly #options: ResolvedIdempotentOptions
  readonly #store: GuardedStore
  readonly #kind: ListenerKind
  readonly #name = randomHex(12)
  #calls = 0

  constructor(options: ResolvedIdempotentOptions) {
    this.#options = options
    this.#store = new GuardedStore(options)
    this.#kind = listenerKind(options.ordered, options.leaseMs)
  }

  /**
   * Gives `call` those of the messages that are to be handled now, and returns what their listener may return for all of them.
   * Rejects with what `call`, `keyOf` or the store fail with, which has all of them come again.
   */
  async handle(messages: readonly MessageExt[], context: SettableContext, call: Call): Promise<Result> {
    const { keyOf, clock } = this.#options
    const keys = messages.map(message => storedKey(message, context.consumerGroup, keyOf))
    const batch = { messages, keys, token: `${this.#name}-${this.#calls++}`, since: clock.monotonic() }
    const plan = planBatch(keys, await this.#claimAll(batch))
    const givenBack = this.#letGo(batch, plan.giveBack)
    try {
      return await this.#settle(batch, plan, await this.#listen(batch, plan, { context, call }))
    } finally {
      await givenBack
    }
  }

  async #claimAll({ keys, token }: Batch): Promise<Map<string, ClaimOutcome>> {
    const outcomes = new Map<string, ClaimOutcome>()
    const claims = Array.from(new Set(keys), async key => outcomes.set(key, await this.#store.claim(key, token)))
    const failure = firstFailure(await Promise.allSettled(claims))
    if (failure === undefined) return outcomes
    const claimed = Array.from(outcomes).filter(([, outcome]) => outcome === 'claimed')
    await Promise.all(claimed.map(([key]) => this.#store.letGo(key, token)))
    throw asError(failure.reason)
  }

  /** Has the listener handle what is to be handed out. Where it fails, all of that is free again. */
  async #listen(batch: Batch, plan: BatchPlan, { context, call }: { context: SettableContext; call: Call }) {
    try {
      const { topic } = batch.messages[0] as MessageExt
      const says = `a message of ${topic} was not handled, as its queue was given away while it was claimed`
      if (context.signal.aborted) throw new RocketMQError('ABORTED', says, { topic, group: context.consumerGroup })
      return this.#kind.judge(await this.#run(batch, plan.handOut, call), plan.handOut.length, context)
    } catch (error) {
      // What the listener has not seen is not for the dead letters.
      if (plan.handOut.length < batch.messages.length && (context.delayLevelWhenNextConsume ?? 0) < 0) {
        context.delayLevelWhenNextConsume = 0
      }
      await this.#letGo(batch, plan.handOut)
      throw error
    }
  }

  /** The listener's result; undefined, which is success, where there is nothing for it. Claims are prolonged until it ends. */
  async #run(batch: Batch, handOut: readonly number[], call: Call): Promise<unknown> {
    if (handOut.length === 0) return undefined
    const given = call(handOut.map(index => batch.messages[index] as MessageExt))
    if (!isThenable(given)) return given
    const claims = handOut.map((index): Claim => ({ key: batch.keys[index] as string, token: batch.token }))
    const keeper = new LeaseKeeper({ ...this.#options, store: this.#store }, claims, batch.since)
    try {
      return await given
    } finally {
      await keeper.end()
    }
  }

  async #settle(batch: Batch, plan: BatchPlan, { succeeded, failure }: Judgement): Promise<Result> {
    const { messages, keys, token } = batch
    const outcome = batchOutcome(plan, messages.length, succeeded)
    const marks = Promise.allSettled(outcome.handled.map(index => this.#done(keys[index] as string, token)))
    await this.#letGo(batch, outcome.failed)
    const unmarked = firstFailure(await marks)
    // What was marked is skipped when it comes again, and nothing counts as handled of which no store knows.
    if (unmarked !== undefined) throw asError(unmarked.reason)
    for (const index of outcome.skipped) this.#tellDuplicate(messages[index] as MessageExt)
    return outcome.firstFailed === messages.length ? undefined : failure(outcome)
  }

  async #done(key: string, token: string): Promise<void> {
    if (await this.#store.done(key, token)) return
    const says = `${key} was handled, but its claim had run out and another consumer has claimed it: it may be handled twice`
    this.#options.onBackgroundError(new RocketMQError('IDEMPOTENCY_LEASE_LOST', says))
  }

  async #letGo({ keys, token }: Batch, indices: readonly number[]): Promise<void> {
    await Promise.all(indices.map(index => this.#store.letGo(keys[index] as string, token)))
  }

  /** A user's function that fails must not change what becomes of the message. */
  #tellDuplicate(message: MessageExt): void {
    const tell = async (): Promise<unknown> => this.#options.onDuplicate(message)
    void tell().catch((cause: unknown) => {
      const says = `onDuplicate failed at message ${message.msgId}: ${asError(cause).message}`
      this.#options.onBackgroundError(new RocketMQError('INVALID_STATE', says, { topic: message.topic, cause }))
    })
  }
}

function firstFailure(results: readonly PromiseSettledResult<unknown>[]): PromiseRejectedResult | undefined {
  return results.find(result => result.status === 'rejected')
}
