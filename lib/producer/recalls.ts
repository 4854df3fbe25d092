import { CALL_OPTIONS, checkCallOptions, checkedMs } from '../client/checked-options'
import type { ClientInstance } from '../client/client-instance'
import type { ReplyOf } from '../commands/command'
import { RECALL_MESSAGE } from '../commands/recall'
import { BrokerError, RocketMQError } from '../errors'
import { isDlqTopic, isRetryTopic } from '../model/names'
import { type RecallHandle, decodeRecallHandle } from '../model/recall-handle'
import { checkTopic } from '../model/validators'
import type { CallOptions } from '../remoting/remoting-client'
import type { Interceptor } from '../runtime/interceptors'
import { runIntercepted } from '../sending/intercepted-call'
import type { Sender } from '../sending/sender'
import type { ProduceTracer } from './trace/produce-tracer'

/** What an interceptor sees of a recall. */
export interface RecallContext {
  /** Tells these contexts from those of other operations. */
  readonly operation: 'recall'
  /** Name of the producer group, without its namespace. */
  readonly producerGroup: string
  /** Topic that it was sent to. */
  readonly topic: string
  /** The handle, as it was given. */
  readonly recallHandle: string
  /** The message's unique id. */
  readonly msgId: string
  /** Name of the broker that has the message. */
  readonly brokerName: string
}

/** Runs around a recall: `next` goes on, and resolves with the id of the message. One that throws fails the recall. */
export type RecallInterceptor = Interceptor<RecallContext, string>

export interface RecallsOptions {
  readonly client: Pick<ClientInstance, 'clock' | 'remoting' | 'routes' | 'vipAddress'>
  readonly sender: Pick<Sender, 'findRoute'>
  readonly producerGroup: string
  /** Limit of a recall that brings none of its own, ms. */
  readonly timeoutMs: number
  readonly interceptors: readonly RecallInterceptor[]
  /** Undefined where nothing is traced. */
  readonly tracer: Pick<ProduceTracer, 'recalled'> | undefined
}

type Reply = ReplyOf<typeof RECALL_MESSAGE>

/** Calls timer messages back. */
export class Recalls {
  readonly #options: RecallsOptions

  constructor(options: RecallsOptions) {
    this.#options = options
  }

  /**
   * Resolves with the id of the message.
   * @throws RocketMQError INVALID_TOPIC, INVALID_ARGUMENT, BROKER_NOT_FOUND, UNSUPPORTED_BY_BROKER; BrokerError
   */
  async recall(topic: string, recallHandle: string, options: CallOptions): Promise<string> {
    checkRecallTopic(topic)
    checkCallOptions(options, CALL_OPTIONS, 'the options of recall')
    if (options.timeoutMs !== undefined) checkedMs('timeoutMs', options.timeoutMs)
    const handle = decodeRecallHandle(recallHandle)
    const { producerGroup, interceptors } = this.#options
    const { messageId: msgId, brokerName } = handle
    const context = { operation: 'recall', producerGroup, topic, recallHandle, msgId, brokerName } as const
    if (interceptors.length === 0) return this.#recall(context, options)
    const { timeoutMs = this.#options.timeoutMs, signal } = options
    const step = (leftMs: number): Promise<string> => this.#recall(context, { timeoutMs: leftMs, signal })
    const { clock } = this.#options.client
    const limits = { clock, timeoutMs, timeoutCode: 'REQUEST_TIMEOUT', signal } as const
    return runIntercepted({ interceptors, context, step, name: 'the recall', topic, ...limits })
  }

  async #recall(context: RecallContext, { timeoutMs = this.#options.timeoutMs, signal }: CallOptions): Promise<string> {
    const { clock } = this.#options.client
    const { topic, msgId } = context
    const endsAt = clock.monotonic() + timeoutMs
    const rest = (): CallOptions => ({ timeoutMs: Math.max(0, endsAt - clock.monotonic()), signal })
    const address = await this.#addressOf(context, rest())
    let reply: Reply | undefined
    try {
      reply = await this.#ask(address, context, rest())
      return reply.header.msgId
    } finally {
      this.#options.tracer?.recalled({ topic, msgId, success: reply !== undefined, regionId: reply?.header.MSG_REGION })
    }
  }

  async #addressOf({ topic, brokerName }: RecallContext, call: CallOptions): Promise<string> {
    const { client, sender } = this.#options
    await sender.findRoute(topic, call)
    const address = client.routes.masterAddress(brokerName)
    if (address !== undefined) return client.vipAddress(address)
    const says = `no address of the master of broker ${brokerName}, which has the message, is known`
    throw new RocketMQError('BROKER_NOT_FOUND', says, { topic, brokerName })
  }

  async #ask(address: string, { topic, recallHandle, brokerName }: RecallContext, call: CallOptions): Promise<Reply> {
    const { client, producerGroup } = this.#options
    const header = { producerGroup, topic, recallHandle, bname: brokerName }
    try {
      return await client.remoting.invoke(address, RECALL_MESSAGE, { header }, call)
    } catch (error) {
      throw unsupported(error, { address, brokerName }) ?? error
    }
  }
}

function checkRecallTopic(topic: string): void {
  checkTopic(topic)
  if (!isRetryTopic(topic) && !isDlqTopic(topic)) return
  throw new RocketMQError('INVALID_TOPIC', `messages of topic ${topic} cannot be recalled`, { topic })
}

/** Brokers before 5.3.2 do not know the request, and later ones forbid it unless they are told otherwise. */
function unsupported(
  error: unknown,
  place: { address: string; brokerName: RecallHandle['brokerName'] },
): Error | undefined {
  const says = reasonOf(error, place.brokerName)
  return says === undefined ? undefined : new RocketMQError('UNSUPPORTED_BY_BROKER', says, { ...place, cause: error })
}

function reasonOf(error: unknown, brokerName: string): string | undefined {
  if (BrokerError.is(error, 'REQUEST_CODE_NOT_SUPPORTED'))
    return `broker ${brokerName} is older than 5.3.2 and recalls no message`
  if (BrokerError.is(error, 'NO_PERMISSION') && error.remark === 'recall failed, operation is forbidden')
    return `broker ${brokerName} recalls no message: set recallMessageEnable=true in its configuration`
  return undefined
}
