import type { ClaimOutcome, IdempotencyStore } from '../../lib/consumer/idempotent/idempotency-store'
import { MemoryIdempotencyStore } from '../../lib/consumer/idempotent/memory-idempotency-store'
import type { RocketMQError } from '../../lib/errors'
import type { ConsumeConcurrentlyContext, ConsumeOrderlyContext } from '../../lib/consumer/push/message-listener'
import { ManualClock } from '../../lib/runtime/manual-clock'
import type { StoredMessage } from '../../lib/wire/stored-message'
import { storedMessage } from './records'

/** A message of topic Orders whose body, unique id and one key are `name`. */
export function orderMessage(name: string, properties: Readonly<Record<string, string>> = {}): StoredMessage {
  const all = Object.entries({ UNIQ_KEY: `id-${name}`, KEYS: name, ...properties })
  return storedMessage({
    body: Buffer.from(name),
    properties: all.map(([key, value]) => `${key}\u0001${value}\u0002`).join(''),
  })
}

/** What a consumer of group billing tells its listener. */
export function consumeContext(
  signal: AbortSignal = new AbortController().signal,
): ConsumeConcurrentlyContext & ConsumeOrderlyContext {
  return {
    consumerGroup: 'billing',
    messageQueue: { topic: 'Orders', brokerName: 'broker-a', queueId: 0 },
    signal,
    ackIndex: undefined,
    delayLevelWhenNextConsume: 0,
    suspendCurrentQueueTimeMs: undefined,
    autoCommit: true,
  }
}

type Method = keyof IdempotencyStore

/** A store in memory that notes its calls as `method key`, and can be told to fail or to hang. */
export class ScriptedStore implements IdempotencyStore {
  readonly calls: string[] = []
  readonly inner: MemoryIdempotencyStore
  /** Runs before each call; what it throws is the store's failure, and the call waits for what it returns. */
  before: (method: Method, key: string) => unknown = () => undefined

  constructor(clock: ManualClock) {
    this.inner = new MemoryIdempotencyStore({ clock })
  }

  claim(key: string, token: string, leaseMs: number): Promise<ClaimOutcome> {
    return this.#call('claim', key, () => this.inner.claim(key, token, leaseMs))
  }

  done(key: string, token: string, ttlMs: number): Promise<boolean> {
    return this.#call('done', key, () => this.inner.done(key, token, ttlMs))
  }

  release(key: string, token: string): Promise<void> {
    return this.#call('release', key, () => this.inner.release(key, token))
  }

  async #call<T>(method: Method, key: string, run: () => Promise<T>): Promise<T> {
    this.calls.push(`${method} ${key.replace('billing/Orders/', '')}`)
    await this.before(method, key)
    return run()
  }
}

/** A clock, a store on it, and what `onBackgroundError` and `onDuplicate` are told. */
export function idempotentSetup() {
  const clock = new ManualClock()
  const errors: RocketMQError[] = []
  const duplicates: string[] = []
  const store = new ScriptedStore(clock)
  const options = {
    store,
    clock,
    keyOf: (message: { readonly keys: readonly string[] }) => message.keys[0],
    onDuplicate: (message: { text(): string }) => void duplicates.push(message.text()),
    onBackgroundError: (error: RocketMQError) => void errors.push(error),
  }
  return { clock, store, options, errors, duplicates }
}
