import { RocketMQError } from '../../errors'
import type { MessageExt } from '../../model/message'
import { type IdempotentOptions, type ListenerOrder, resolveIdempotentOptions } from './idempotent-options'
import { IdempotentCalls } from './idempotent-calls'
import type { ListenerContext, ListenerResult } from './listener-kind'

/**
 * A listener that handles each message once, as far as `store` remembers: what was handled is skipped and counts as success;
 * what another consumer has in hand comes again later; what the listener fails at is free again, and so is what a consumer has
 * claimed and then died over, once the lease has run out. Where the store cannot be asked or told, the call fails with
 * IDEMPOTENCY_STORE_FAILED and its messages come again: nothing is skipped on suspicion. For listeners of `consumeEach` and of
 * `consume`; not for broadcasting, where each member is to handle every message.
 *
 * @example
 * const store = new MemoryIdempotencyStore()
 * consumer.consumeEach(idempotent(async message => ship(message.json()), { store, keyOf: message => message.keys[0] }))
 * @throws RocketMQError INVALID_ARGUMENT
 */
export function idempotent<
  T extends MessageExt | readonly MessageExt[] = MessageExt,
  Order extends ListenerOrder = 'none',
  const R extends ListenerResult<Order> = ListenerResult<Order>,
>(
  listener: (handed: T, context: ListenerContext<Order>) => void | R | Promise<void | R>,
  options: IdempotentOptions<Order>,
): (handed: T, context: ListenerContext<Order>) => Promise<ListenerResult<Order>> {
  const given: unknown = listener
  if (typeof given !== 'function') throw new RocketMQError('INVALID_ARGUMENT', 'idempotent needs a listener function')
  const calls = new IdempotentCalls(resolveIdempotentOptions(options))
  return async (handed, context) => {
    const isBatch = isMany(handed)
    const call = (messages: readonly MessageExt[]): unknown =>
      listener((isBatch ? messages : messages[0]) as T, context)
    return (await calls.handle(isBatch ? handed : [handed], context, call)) as ListenerResult<Order>
  }
}

function isMany(handed: MessageExt | readonly MessageExt[]): handed is readonly MessageExt[] {
  return Array.isArray(handed)
}
