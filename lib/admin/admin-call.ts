import type { ClientInstance } from '../client/client-instance'
import type { AnyCommand, ReplyOf, RequestOf } from '../commands/command'
import { RocketMQError } from '../errors'
import type { TopicRoute } from '../model/topic-route'
import type { CallOptions } from '../remoting/remoting-client'
import { abortReason } from '../runtime/clock'

interface AdminCallOptions {
  /** Limit of the whole call, ms. */
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** One call of the admin client: however many requests it takes, they share one limit of time and one signal. */
export class AdminCall {
  readonly client: ClientInstance
  readonly timeoutMs: number
  readonly #signal: AbortSignal
  readonly #endsAt: number

  constructor(client: ClientInstance, { timeoutMs, signal }: AdminCallOptions) {
    this.client = client
    this.timeoutMs = timeoutMs
    this.#signal = signal
    this.#endsAt = client.clock.monotonic() + timeoutMs
  }

  /** Time that is left, ms; not negative. */
  get leftMs(): number {
    return Math.max(0, this.#endsAt - this.client.clock.monotonic())
  }

  /**
   * Limits of the next request.
   * @throws RocketMQError REQUEST_TIMEOUT where the time is up, ABORTED
   */
  limits(): CallOptions {
    if (this.#signal.aborted) throw abortReason(this.#signal)
    const timeoutMs = this.leftMs
    if (timeoutMs > 0) return { timeoutMs, signal: this.#signal }
    throw new RocketMQError(
      'REQUEST_TIMEOUT',
      `the call was not done within ${this.timeoutMs} ms: give a larger timeoutMs`,
    )
  }

  /** Asks one broker, over a link beside the one that carries messages. */
  async broker<C extends AnyCommand>(address: string, command: C, request: RequestOf<C>): Promise<ReplyOf<C>> {
    return this.client.remoting.invokeAside(this.client.vipAddress(address), command, request, this.limits())
  }

  /** Asks whichever name server answers. */
  async nameServer<C extends AnyCommand>(command: C, request: RequestOf<C>): Promise<ReplyOf<C>> {
    return this.client.nameServers.invoke(command, request, this.limits())
  }

  /** Tells every name server; rejects where one fails. */
  async everyNameServer<C extends AnyCommand>(command: C, request: RequestOf<C>): Promise<void> {
    await this.client.nameServers.invokeAll(command, request, this.limits())
  }

  /** The route of a topic as the name servers have it now; undefined where there is none. */
  async findRoute(topic: string): Promise<TopicRoute | undefined> {
    return this.client.routes.fetch(topic, this.limits())
  }

  /** @throws RocketMQError TOPIC_NOT_FOUND */
  async route(topic: string): Promise<TopicRoute> {
    const route = await this.findRoute(topic)
    if (route !== undefined) return route
    throw new RocketMQError('TOPIC_NOT_FOUND', `no name server knows topic ${topic}: create it first`, { topic })
  }

  /** Waits, for at most the time that is left. */
  sleep(ms: number): Promise<void> {
    return this.client.clock.sleep(Math.min(ms, this.leftMs), this.#signal)
  }
}
