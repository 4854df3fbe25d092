import type { ReplyOf } from '../../commands/command'
import type { CHANGE_MESSAGE_INVISIBLETIME } from '../../commands/pop'
import type { PopExtraInfo } from '../../wire/pop-extra-info'

/**
 * The receipt handle that counts after the invisible time of a message was changed: the broker holds the message by itself
 * now, and no longer together with those that were popped with it. The old one acknowledges nothing any more.
 */
export function renewedHandle(
  old: PopExtraInfo,
  { popTime, invisibleTime, reviveQid }: ReplyOf<typeof CHANGE_MESSAGE_INVISIBLETIME>['header'],
): PopExtraInfo {
  return { ...old, ckQueueOffset: old.queueOffset, popTime, invisibleTime, reviveQid }
}
