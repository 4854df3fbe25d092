import type { SendResult } from '../../model/results'
import type { PreparedMessage } from '../../sending/prepared-message'
import type { SendOptions } from '../../sending/send-options'
import type { SendCallback, Sender } from '../../sending/sender'
import type { ProduceTracer } from './produce-tracer'

/** What a pipeline needs of a sender. */
type PipelineSender = Pick<Sender, 'send' | 'sendAsync' | 'sendOneway' | 'now'>

/** A sender whose sends are traced, once each, however often they were tried. Oneway sends have no end, and are not. */
export class TracedSender implements PipelineSender {
  readonly #sender: PipelineSender
  readonly #tracer: Pick<ProduceTracer, 'begin'>

  constructor(sender: PipelineSender, tracer: Pick<ProduceTracer, 'begin'>) {
    this.#sender = sender
    this.#tracer = tracer
  }

  now(): number {
    return this.#sender.now()
  }

  async send(prepared: PreparedMessage, options: SendOptions, settled?: () => void): Promise<SendResult> {
    const end = this.#tracer.begin(prepared)
    try {
      const result = await this.#sender.send(prepared, options)
      end?.({ result })
      return result
    } catch (error) {
      end?.({ error })
      throw error
    } finally {
      // Only now: a shutdown that waits for it sends the trace, too.
      settled?.()
    }
  }

  sendAsync(prepared: PreparedMessage, options: SendOptions, callback: SendCallback): void {
    const end = this.#tracer.begin(prepared)
    this.#sender.sendAsync(prepared, options, (error, result) => {
      end?.(result === undefined ? { error } : { result })
      callback(error, result)
    })
  }

  sendOneway(prepared: PreparedMessage, options: SendOptions): Promise<void> {
    return this.#sender.sendOneway(prepared, options)
  }
}
