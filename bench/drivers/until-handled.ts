import type { MessageExt, PushConsumer } from '../../lib/index'
import { type Measured, startStopwatch } from './rounds'

/** Has a consumer hand messages to a listener, which tells each time what came. */
export type Consume = (consumer: PushConsumer, onMessages: (messages: readonly MessageExt[]) => void) => void

/** Measures from the first of so many messages to the last; what the consumer reports on the way ends it. */
export function untilHandled(consumer: PushConsumer, messages: number, consume: Consume): Promise<Measured> {
  let left = messages
  let stop: (() => Measured) | undefined
  return new Promise((resolve, reject) => {
    consumer.on('backgroundError', reject)
    consume(consumer, received => {
      stop ??= startStopwatch()
      left -= received.length
      if (left <= 0 && left > -received.length) resolve(stop())
    })
  })
}
