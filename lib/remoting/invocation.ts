import { type AnyCommand, type FrameContent, type ReplyOf, decodeReply } from '../commands/command'
import type { RocketMQError } from '../errors'
import { abortReason } from '../runtime/clock'
import { onAbort } from '../runtime/on-abort'
import type { RemotingCommand } from '../wire/remoting-command'
import { type PendingRequest, UNSENT } from './pending-request'

interface InvocationOptions<C extends AnyCommand> {
  readonly command: C
  readonly content: FrameContent
  readonly address: string
  readonly signal: AbortSignal | undefined
  readonly resolve: (reply: ReplyOf<C>) => void
  readonly reject: (error: Error) => void
}

/** A request whose reply settles a promise: the form for everything that is not hot. */
export class Invocation<C extends AnyCommand> implements PendingRequest {
  opaque = UNSENT.opaque
  sentAt = UNSENT.sentAt
  channel: PendingRequest['channel'] = UNSENT.channel
  redirected: boolean = UNSENT.redirected
  deadlineAt = UNSENT.deadlineAt
  deadlineSlot = UNSENT.deadlineSlot
  previousDeadline: PendingRequest['previousDeadline'] = UNSENT.previousDeadline
  nextDeadline: PendingRequest['nextDeadline'] = UNSENT.nextDeadline
  settled = false
  readonly #options: InvocationOptions<C>
  readonly #onAbort = (): void => this.#abort()

  constructor(options: InvocationOptions<C>) {
    this.#options = options
    const { signal } = options
    if (signal === undefined) return
    onAbort(signal, this.#onAbort)
    if (signal.aborted) this.#abort()
  }

  get command(): C {
    return this.#options.command
  }

  get content(): FrameContent {
    return this.#options.content
  }

  onReply(frame: RemotingCommand): void {
    const { command, address, resolve, reject } = this.#options
    if (!this.#settle()) return
    try {
      resolve(decodeReply(command, frame, { address }))
    } catch (error) {
      reject(error as Error)
    }
  }

  onFailure(error: RocketMQError): void {
    if (this.#settle()) this.#options.reject(error)
  }

  #abort(): void {
    if (!this.#settle()) return
    this.channel?.forget(this)
    this.#options.reject(abortReason(this.#options.signal as AbortSignal))
  }

  #settle(): boolean {
    if (this.settled) return false
    this.settled = true
    this.#options.signal?.removeEventListener('abort', this.#onAbort)
    return true
  }
}
