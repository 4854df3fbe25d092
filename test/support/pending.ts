import type { AnyCommand, FrameContent } from '../../lib/commands/command'
import { GET_MAX_OFFSET } from '../../lib/commands/offset'
import type { RocketMQError } from '../../lib/errors'
import { type PendingRequest, UNSENT } from '../../lib/remoting/pending-request'
import type { RemotingCommand } from '../../lib/wire/remoting-command'

/** A request that keeps what becomes of it. */
export class RecordedRequest implements PendingRequest {
  readonly command: AnyCommand
  readonly content: FrameContent
  opaque: number = UNSENT.opaque
  sentAt: number = UNSENT.sentAt
  channel: PendingRequest['channel'] = UNSENT.channel
  redirected: boolean = UNSENT.redirected
  deadlineAt: number = UNSENT.deadlineAt
  deadlineSlot: number = UNSENT.deadlineSlot
  previousDeadline: PendingRequest['previousDeadline'] = UNSENT.previousDeadline
  nextDeadline: PendingRequest['nextDeadline'] = UNSENT.nextDeadline
  settled = false
  readonly replies: RemotingCommand[] = []
  readonly failures: RocketMQError[] = []
  /** Called with each failure. */
  onFailed: (error: RocketMQError) => void = () => undefined

  constructor(command: AnyCommand = GET_MAX_OFFSET, content: Partial<FrameContent> = {}) {
    this.command = command
    this.content = { code: command.code, ...content }
  }

  onReply(frame: RemotingCommand): void {
    this.replies.push(frame)
  }

  onFailure(error: RocketMQError): void {
    this.failures.push(error)
    this.onFailed(error)
  }
}
