import type { TokenRate } from '../../runtime/token-bucket'
import type { ConcurrencyRange } from './concurrency-range'
import type { MessageListenerConcurrently, MessageListenerOrderly } from './message-listener'

interface ListenerCalls {
  /** Most messages of one call. */
  readonly batchSize: number
  /** Calls at a time. */
  readonly concurrency: ConcurrencyRange
  /** Messages a second; undefined for no limit. */
  readonly rateLimit: TokenRate | undefined
}

/** A user's listener and how it is to be called. */
export type Listener =
  | (ListenerCalls & { readonly ordered: 'none'; readonly listener: MessageListenerConcurrently })
  | (ListenerCalls & { readonly ordered: 'queue' | 'key'; readonly listener: MessageListenerOrderly })
