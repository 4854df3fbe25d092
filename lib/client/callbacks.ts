import type { AnyCommand, ReplyOf, RequestOf } from '../commands/command'
import { brokerError, RESPONSE_CODES } from '../commands/response-code'
import type { RequestContext, RequestHandlers } from '../remoting/request-handlers'

/** Answers a request that a broker sends for one group. */
export type GroupHandler<C> = (
  request: RequestOf<C>,
  context: RequestContext,
) => ReplyOf<C> | undefined | Promise<ReplyOf<C> | undefined>

/** Tells which group a request is for, where its header does not. */
export type GroupOf<C> = (request: RequestOf<C>) => string

/** Requests from brokers name a group; its owner answers them. */
export class Callbacks {
  readonly #handlers: RequestHandlers
  readonly #byCommand = new Map<string, Map<string, GroupHandler<AnyCommand>>>()

  constructor(handlers: RequestHandlers) {
    this.#handlers = handlers
  }

  /** Has requests of a command for a group answered by `handler`; the returned function ends that. */
  handle<C extends AnyCommand>(
    command: C,
    group: string,
    handler: GroupHandler<C>,
    groupOf: GroupOf<C> = groupInHeader,
  ): () => void {
    const byGroup = this.#groupsOf(command, groupOf as GroupOf<AnyCommand>)
    const own = handler as GroupHandler<AnyCommand>
    byGroup.set(group, own)
    return () => {
      if (byGroup.get(group) === own) byGroup.delete(group)
    }
  }

  #groupsOf(command: AnyCommand, groupOf: GroupOf<AnyCommand>): Map<string, GroupHandler<AnyCommand>> {
    const known = this.#byCommand.get(command.name)
    if (known !== undefined) return known
    const byGroup = new Map<string, GroupHandler<AnyCommand>>()
    this.#byCommand.set(command.name, byGroup)
    this.#handlers.on(command, (request: RequestOf<AnyCommand>, context) => {
      const name = groupOf(request)
      const handler = byGroup.get(name)
      if (handler !== undefined) return handler(request, context)
      throw brokerError(RESPONSE_CODES.SYSTEM_ERROR.code, `the group ${name} is not here`)
    })
    return byGroup
  }
}

/** Rows differ in what they call the group. */
function groupInHeader({ header }: { header?: Record<string, unknown> }): string {
  return String(header?.['consumerGroup'] ?? header?.['producerGroup'] ?? header?.['group'] ?? '')
}
