import { checkedRange } from '../client/checked-options'
import { RocketMQError } from '../errors'
import type { Message } from '../model/message'
import type { SendResult } from '../model/results'
import { eachOutcome } from '../runtime/each-outcome'
import { type SendOptions, checkSendOptions } from '../sending/send-options'

/** How far a `sendAll` is, in messages; those of batches count one by one. */
export interface SendAllProgress {
  /** Messages that were sent. */
  readonly sent: number
  /** Messages whose send failed. */
  readonly failed: number
}

/** What can be said of a `sendAll`; what is said of a send goes for each. */
export interface SendAllOptions extends SendOptions {
  /** Sends that are under way at a time, or whose outcome was not read yet, 1 to 65535; default 256. */
  readonly concurrency?: number
  /** Called after each send; what it throws is told by the event `backgroundError`. */
  readonly onProgress?: (progress: SendAllProgress) => void
}

/** What became of one message, or batch, of a `sendAll`: a result, or an error. */
export type SendOutcome<M extends Message | readonly Message[] = Message> =
  | {
      /** Its place in the source, from 0. */
      readonly index: number
      readonly message: M
      readonly result: SendResult
      readonly error: undefined
    }
  | { readonly index: number; readonly message: M; readonly result: undefined; readonly error: Error }

export interface SendAllTools<M> {
  readonly send: (message: M, options: SendOptions) => Promise<SendResult>
  /** Throws where nothing more can be sent. */
  readonly check: () => void
  readonly onBackgroundError: (error: RocketMQError) => void
}

const DEFAULT_CONCURRENCY = 256
const MAX_CONCURRENCY = 65_535

/** @throws RocketMQError INVALID_ARGUMENT */
export function sendAll<M extends Message | readonly Message[]>(
  messages: Iterable<M> | AsyncIterable<M>,
  { concurrency = DEFAULT_CONCURRENCY, onProgress, ...options }: SendAllOptions,
  tools: SendAllTools<M>,
): AsyncIterableIterator<SendOutcome<M>> {
  checkSource(messages)
  checkedRange('concurrency', concurrency, 1, MAX_CONCURRENCY)
  if (onProgress !== undefined && typeof onProgress !== 'function')
    throw new RocketMQError('INVALID_ARGUMENT', 'onProgress must be a function')
  checkSendOptions(options)
  const { signal } = options
  const settled = eachOutcome(messages, {
    limit: concurrency,
    // What send throws at once is the outcome of this message, too.
    work: async message => tools.send(message, options),
    check: () => {
      if (signal?.aborted === true)
        throw new RocketMQError('ABORTED', 'the sendAll was aborted', { cause: signal.reason })
      tools.check()
    },
    signal,
  })
  return outcomes(settled, onProgress === undefined ? undefined : progressTo(onProgress, tools.onBackgroundError))
}

async function* outcomes<M extends Message | readonly Message[]>(
  settled: ReturnType<typeof eachOutcome<M, SendResult>>,
  told: ((outcome: SendOutcome<M>) => void) | undefined,
): AsyncGenerator<SendOutcome<M>, void, undefined> {
  for await (const { index, item: message, value, error } of settled) {
    const outcome: SendOutcome<M> =
      error === undefined ? { index, message, result: value, error } : { index, message, result: undefined, error }
    told?.(outcome)
    yield outcome
  }
}

function progressTo(
  onProgress: (progress: SendAllProgress) => void,
  onBackgroundError: (error: RocketMQError) => void,
): (outcome: SendOutcome<Message | readonly Message[]>) => void {
  let [sent, failed] = [0, 0]
  return ({ message, error }) => {
    const count = Array.isArray(message) ? message.length : 1
    if (error === undefined) sent += count
    else failed += count
    try {
      onProgress({ sent, failed })
    } catch (cause) {
      onBackgroundError(new RocketMQError('INVALID_STATE', 'onProgress of a sendAll threw', { cause }))
    }
  }
}

function checkSource(messages: unknown): void {
  const isIterable =
    typeof messages === 'object' &&
    messages !== null &&
    (Symbol.iterator in messages || Symbol.asyncIterator in messages)
  if (isIterable) return
  throw new RocketMQError('INVALID_ARGUMENT', 'sendAll needs an iterable of messages, such as an array or a stream')
}
