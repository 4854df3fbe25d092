import { BaseRpcContext } from '@nestjs/microservices'
import type { ConsumeContext } from '../../consumer/push/message-listener'
import type { MessageExt } from '../../model/message'

/** What a handler gets by `@Ctx()`. */
export class RocketMQContext extends BaseRpcContext<[message: MessageExt, context: ConsumeContext]> {
  /** The message as it came; keep a `copy()` of it, if you keep it. */
  getMessage(): MessageExt {
    return this.args[0]
  }

  /** Group, queue, and a signal that is aborted when the queue is given away. */
  getContext(): ConsumeContext {
    return this.args[1]
  }
}
