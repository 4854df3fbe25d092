import type { ReceiveEvent } from '../client/telemetry/events'
import type { Telemetry } from '../client/telemetry/telemetry'
import type { MessageExt } from '../model/message'

/** Does what asks brokers for messages, with whoever listens told of it and of what came. */
export type Receive = <T>(
  operation: ReceiveEvent['operation'],
  work: () => Promise<T>,
  messagesOf: (result: T) => readonly MessageExt[],
) => Promise<T>

/** For the calls that ask for messages: while nobody listens it costs one look. */
export function receiving(telemetry: Pick<Telemetry, 'wants' | 'run'>): Receive {
  return (operation, work, messagesOf) => {
    if (!telemetry.wants('receive')) return work()
    return telemetry.run('receive', { operation, messages: [] }, async event => {
      const result = await work()
      event.messages = messagesOf(result)
      return result
    })
  }
}
