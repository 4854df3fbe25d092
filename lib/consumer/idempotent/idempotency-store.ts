/**
 * What a store says to a claim: `'claimed'`: the key is the caller's until the lease ends; `'done'`: it was handled already;
 * `'busy'`: another claim holds it.
 */
export type ClaimOutcome = 'claimed' | 'done' | 'busy'

/**
 * Remembers which messages were handled and which are in hand, for `idempotent`. A key is free, claimed with a token until a
 * lease ends, or done for a time. Each call must be atomic, also among processes where the store is shared by them. Time is the
 * store's own, so that the clocks of consumers need not agree. Any rejection counts as a failure of the store.
 */
export interface IdempotencyStore {
  /**
   * Takes a key that is free, or whose claim has run out, for `leaseMs` from now. The holder's own token prolongs its claim,
   * and takes a key again that has become free.
   */
  claim(key: string, token: string, leaseMs: number): Promise<ClaimOutcome>
  /**
   * Has the key count as handled for `ttlMs` from now: by its holder, also by one whose claim has run out, as long as nobody else
   * holds it. False, and nothing is changed, where another claim does.
   */
  done(key: string, token: string, ttlMs: number): Promise<boolean>
  /** Frees a key that this token holds. The claim of another, and a key that is done, stay as they are. */
  release(key: string, token: string): Promise<void>
}
