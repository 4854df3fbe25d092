import { type MessageExt, POSSIBLE_DUPLICATE } from '../../lib/index'
import { Ledger } from './ledger'

/** The copies of each message, by its id, in the order of arrival. */
export function copiesById(messages: readonly MessageExt[]): Map<string, MessageExt[]> {
  const copies = new Map<string, MessageExt[]>()
  for (const message of messages) copies.set(message.msgId, [...(copies.get(message.msgId) ?? []), message])
  return copies
}

/** The books of messages that senders were told are stored or spooled, and of what came: what was told last may be unheard. */
export function outboxLedger(told: ReadonlySet<string>, messages: readonly MessageExt[]): Ledger {
  const ledger = new Ledger()
  for (const id of new Set([...told, ...messages.map(({ msgId }) => msgId)])) ledger.sent(id)
  for (const id of told) ledger.acknowledged(id)
  for (const { msgId } of messages) ledger.consumed(msgId)
  return ledger
}

/** How often the message that came most often without a mark has come so. */
export function mostUnmarked(messages: readonly MessageExt[]): number {
  const isUnmarked = ({ properties }: MessageExt): boolean => properties[POSSIBLE_DUPLICATE] === undefined
  return Math.max(...[...copiesById(messages).values()].map(copies => copies.filter(isUnmarked).length))
}
