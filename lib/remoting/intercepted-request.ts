import type { AnyCommand, FrameContent } from '../commands/command'
import { RocketMQError, asError } from '../errors'
import type { Clock, Timer } from '../runtime/clock'
import { runInterceptors } from '../runtime/interceptors'
import type { RemotingCommand } from '../wire/remoting-command'
import { type PendingRequest, UNSENT } from './pending-request'
import { type RpcContext, type RpcInterceptor, rpcContext, rpcResponse, withExtraFields } from './rpc-interceptor'

/** A request on its way through interceptors. */
export interface InterceptOptions {
  readonly interceptors: readonly RpcInterceptor[]
  readonly address: string
  readonly clock: Clock
  /** Limit of the whole, ms. */
  readonly timeoutMs: number
  /** Sends it; `leftMs` of the time are left. */
  readonly send: (entry: PendingRequest, leftMs: number) => void
}

/** Sends a request through interceptors; the entry hears of the outcome once they have ended. */
export function interceptRequest(entry: PendingRequest, options: InterceptOptions): void {
  void new InterceptedRequest(entry, options).run()
}

/** Sends a oneway request through interceptors. Rejects with what they throw. */
export async function interceptOneway(
  { command, content, address }: { command: AnyCommand; content: FrameContent; address: string },
  interceptors: readonly RpcInterceptor[],
  send: (content: FrameContent) => Promise<void>,
): Promise<void> {
  const context = rpcContext(command.name, content, { address, oneway: true })
  const way = { isSent: false }
  const step = async (): Promise<undefined> => {
    way.isSent = true
    await send(withExtraFields(content, context))
  }
  await runInterceptors(interceptors, context, step).catch((error: unknown) => {
    throw asFailure(error, context, way.isSent)
  })
  if (!way.isSent) throw notPassedOn(context)
}

/** Stands for an entry towards the channel; the entry itself waits for the interceptors. */
class InterceptedRequest implements PendingRequest {
  opaque = UNSENT.opaque
  sentAt = UNSENT.sentAt
  channel: PendingRequest['channel'] = UNSENT.channel
  redirected: boolean = UNSENT.redirected
  deadlineAt = UNSENT.deadlineAt
  deadlineSlot = UNSENT.deadlineSlot
  previousDeadline: PendingRequest['previousDeadline'] = UNSENT.previousDeadline
  nextDeadline: PendingRequest['nextDeadline'] = UNSENT.nextDeadline
  content: FrameContent
  readonly #entry: PendingRequest
  readonly #options: InterceptOptions
  readonly #context: RpcContext
  readonly #endsAt: number
  #isSent = false
  #isSettled = false
  #outcome: (() => void) | undefined
  #ended: { resolve: (frame: RemotingCommand) => void; reject: (error: RocketMQError) => void } | undefined
  #isTimeUp = false
  #timer: Timer | undefined

  constructor(entry: PendingRequest, options: InterceptOptions) {
    const { address, clock, timeoutMs } = options
    this.#entry = entry
    this.#options = options
    this.content = entry.content
    this.#context = rpcContext(entry.command.name, entry.content, { address, oneway: false })
    this.#endsAt = clock.monotonic() + timeoutMs
  }

  get command(): AnyCommand {
    return this.#entry.command
  }

  get settled(): boolean {
    return this.#entry.settled
  }

  /** Never rejects. */
  async run(): Promise<void> {
    const { clock, timeoutMs, interceptors } = this.#options
    // Its owner may want it no more while it waits, here or on the channel.
    this.#entry.channel = { forget: () => this.#forget() }
    this.#timer = clock.after(timeoutMs, () => this.#onTime())
    try {
      await runInterceptors(interceptors, this.#context, async () => rpcResponse(await this.#send()))
      if (!this.#isSent) this.#settle(() => this.#entry.onFailure(notPassedOn(this.#context)))
    } catch (error) {
      const failure = asFailure(error, this.#context, this.#isSent)
      this.#settle(() => this.#entry.onFailure(failure))
      return
    }
    this.#settle(this.#outcome)
  }

  onReply(frame: RemotingCommand): void {
    this.#outcome = () => this.#entry.onReply(frame)
    this.#ended?.resolve(frame)
    if (this.#isTimeUp) this.#settle(this.#outcome)
  }

  onFailure(error: RocketMQError): void {
    this.#outcome = () => this.#entry.onFailure(error)
    this.#ended?.reject(error)
    if (this.#isTimeUp) this.#settle(this.#outcome)
  }

  #send(): Promise<RemotingCommand> {
    if (this.#isSent) return Promise.reject(new RocketMQError('INVALID_STATE', 'next() was called twice'))
    if (this.#isSettled) return Promise.reject(notWanted(this.#context))
    this.#isSent = true
    this.content = withExtraFields(this.#entry.content, this.#context)
    return new Promise((resolve, reject) => {
      this.#ended = { resolve, reject }
      this.#options.send(this, Math.max(0, this.#endsAt - this.#options.clock.monotonic()))
    })
  }

  /** What is on its way ends by the channel's own limit; interceptors that do not end are not waited for. */
  #onTime(): void {
    this.#isTimeUp = true
    if (this.#outcome !== undefined) this.#settle(this.#outcome)
    else if (!this.#isSent) this.#settle(() => this.#entry.onFailure(notInTime(this.#context, this.#options.timeoutMs)))
  }

  #settle(tell: (() => void) | undefined): void {
    if (this.#isSettled) return
    this.#isSettled = true
    this.#timer?.cancel()
    this.#entry.channel = undefined
    if (!this.#entry.settled) tell?.()
  }

  #forget(): void {
    this.#settle(undefined)
    this.channel?.forget(this)
    this.#ended?.reject(notWanted(this.#context))
  }
}

function asFailure(error: unknown, { command, address }: RpcContext, isSent: boolean): RocketMQError {
  if (RocketMQError.is(error)) return error
  const cause = asError(error)
  const says = `an RPC interceptor failed ${command} to ${address}: ${cause.message}`
  return new RocketMQError('INTERCEPTOR_FAILED', says, { command, address, cause, sent: isSent ? 'UNKNOWN' : 'NO' })
}

function notWanted({ command, address }: RpcContext): RocketMQError {
  return new RocketMQError('ABORTED', `${command} to ${address} is not wanted any more`, { command, address })
}

function notPassedOn({ command, address }: RpcContext): RocketMQError {
  const says = `an RPC interceptor did not pass ${command} to ${address} on: call next()`
  return new RocketMQError('INTERCEPTOR_FAILED', says, { command, address, sent: 'NO' })
}

function notInTime({ command, address }: RpcContext, timeoutMs: number): RocketMQError {
  const says = `RPC interceptors did not pass ${command} to ${address} on within ${Math.round(timeoutMs)} ms`
  return new RocketMQError('REQUEST_TIMEOUT', says, { command, address, sent: 'NO' })
}
