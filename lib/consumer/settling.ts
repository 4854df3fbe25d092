import type { SettleEvent } from '../client/telemetry/events'
import type { Telemetry } from '../client/telemetry/telemetry'
import type { MessageExt } from '../model/message'

/** Does what tells brokers of messages, with whoever listens told of it; `messages` are those that it is about. */
export type Settle = <T>(
  operation: Exclude<SettleEvent['operation'], 'commit' | 'endTransaction'>,
  messages: readonly MessageExt[],
  work: () => Promise<T>,
) => Promise<T>

/** For what a consumer tells brokers by itself: while nobody listens it costs one look. */
export function settling(telemetry: Pick<Telemetry, 'wants' | 'run'>): Settle {
  return (operation, messages, work) => {
    if (!telemetry.wants('settle')) return work()
    return telemetry.run('settle', { operation, messages, messageQueues: [] }, work)
  }
}
