import type { ClaimOutcome } from './idempotency-store'

/** What is to be done with the messages of one listener call, by their index. */
export interface BatchPlan {
  /** They are given to the listener: claimed, each key once, up to the first message that somebody else has in hand. */
  readonly handOut: readonly number[]
  /** The first message that somebody else has in hand; the number of messages where there is none. */
  readonly firstBusy: number
  /** Claimed, but behind that: they are given back. */
  readonly giveBack: readonly number[]
}

/**
 * Messages from the first busy one on come again, since a result can tell the first one that failed alone; so the listener
 * does not get them.
 */
export function planBatch(keys: readonly string[], outcomes: ReadonlyMap<string, ClaimOutcome>): BatchPlan {
  const busy = keys.findIndex(key => outcomes.get(key) === 'busy')
  const firstBusy = busy === -1 ? keys.length : busy
  const firstOfKey = new Map<string, number>()
  keys.forEach((key, index) => firstOfKey.has(key) || firstOfKey.set(key, index))
  const claimed = Array.from(firstOfKey).flatMap(([key, index]) => (outcomes.get(key) === 'claimed' ? [index] : []))
  return {
    handOut: claimed.filter(index => index < firstBusy),
    firstBusy,
    giveBack: claimed.filter(index => index > firstBusy),
  }
}

/** What the end of a listener call means for the whole batch. */
export interface BatchOutcome {
  /** The first message that must come again; the number of messages where none must. */
  readonly firstFailed: number
  /** Given to the listener and handled. */
  readonly handled: readonly number[]
  /** Given to the listener, which failed at them. */
  readonly failed: readonly number[]
  /** Need not come again, as they were handled before, by this call or another. */
  readonly skipped: readonly number[]
  /** True where some come again that the listener did not judge. */
  readonly unjudged: boolean
}

/** `succeeded`: how many of the messages that the listener was given it has handled, counted from the first. */
export function batchOutcome({ handOut, firstBusy }: BatchPlan, count: number, succeeded: number): BatchOutcome {
  const firstFailed = handOut[succeeded] ?? firstBusy
  const given = new Set(handOut)
  const failed = handOut.slice(succeeded)
  return {
    firstFailed,
    handled: handOut.slice(0, succeeded),
    failed,
    skipped: Array.from({ length: firstFailed }, (_, index) => index).filter(index => !given.has(index)),
    unjudged: count - firstFailed > failed.length,
  }
}
