import type { MessageExt } from '../../lib/index'
import { SYS_FLAG } from '../../lib/model/sys-flag'
import type { JavaMessage } from './real/java-reader'

/** Properties that the Java client itself adds to a message before it hands it to a listener. */
const ADDED_BY_JAVA = new Set(['MIN_OFFSET', 'MAX_OFFSET', 'CONSUME_START_TIME'])

/** All that a listener of ours can see of a message, in the form of `javaView`. */
export function ourView(message: MessageExt): Record<string, unknown> {
  const { storeSize, delayTimeLevel, tags = null, transactionId = null } = message
  const keys = message.keys.length === 0 ? null : message.keys.join(' ')
  return { ...message.toJSON(), tags, keys, storeSize, delayTimeLevel, transactionId }
}

/** What a Java listener sees of it. Java keeps the flag of a compressed body after it has inflated it. */
export function javaView({ at: _at, id: _id, ...message }: JavaMessage): Record<string, unknown> {
  const properties = Object.entries(message.properties).filter(([name]) => !ADDED_BY_JAVA.has(name))
  const sysFlag = Number(message.sysFlag) & ~SYS_FLAG.COMPRESSED
  return { ...message, sysFlag, properties: Object.fromEntries(properties) }
}

/** Sorts views by where they are stored. */
export function byPlace(views: readonly Record<string, unknown>[]): Record<string, unknown>[] {
  return views.toSorted((a, b) => Number(a.commitLogOffset) - Number(b.commitLogOffset))
}
