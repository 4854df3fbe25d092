import { asError, RocketMQError } from '../errors'
import { compressionType, needsUnwrap, SYS_FLAG } from '../model/sys-flag'
import { inflate } from './compression'
import { unwrapInnerBatch } from './inner-batch'
import { MAX_FRAME_BYTES } from './remoting-command'
import type { StoredMessage } from './stored-message'
import { unreadable } from './unreadable'

/** A little more than any producer here may send, compressed or not; four times what brokers take by default. */
const DEFAULT_MAX_BODY_BYTES = MAX_FRAME_BYTES
/** What one answer may come to: brokers put at most 256 KiB into one by default, and the codecs hardly shrink more than this. */
const DEFAULT_MAX_TOTAL_BYTES = 4 * DEFAULT_MAX_BODY_BYTES
/** How many bodies are inflated at a time: as many as libuv has threads. */
const CONCURRENCY = 4

/** How bodies are opened. */
export interface OpenBodiesOptions {
  /** A body that would inflate to more makes its message unreadable; default 16 MiB. */
  readonly maxBodyBytes?: number
  /** No further body is inflated after those before came to so many bytes; default 64 MiB. */
  readonly maxTotalBytes?: number
}

/** What became of the messages of one answer. */
export interface OpenedBodies {
  /** At least the first one, where there was any. */
  readonly messages: StoredMessage[]
  /** As they came: those before them inflated to more than one answer may. */
  readonly rest: readonly StoredMessage[]
}

const NONE: readonly StoredMessage[] = []

/**
 * Inflates bodies and splits inner batches. Where there is nothing to do it returns the same array, at once. Never rejects:
 * what cannot be opened stays in its place, with the reason in `unreadable`.
 */
export function openBodies(
  messages: StoredMessage[],
  options: OpenBodiesOptions = {},
): StoredMessage[] | Promise<StoredMessage[]> {
  return messages.some(isClosed) ? openAll(messages, options).then(withRest) : messages
}

/** As `openBodies`, but leaves messages from the first one on that would be too much at a time: a caller asks for them again. */
export function openInPart(
  messages: StoredMessage[],
  options: OpenBodiesOptions = {},
): OpenedBodies | Promise<OpenedBodies> {
  return messages.some(isClosed) ? openAll(messages, options) : { messages, rest: NONE }
}

function withRest({ messages, rest }: OpenedBodies): StoredMessage[] {
  for (const message of rest) {
    if (isClosed(message)) message.unreadable ??= closedFor(message, unreadable('those before it inflated to too much'))
  }
  return [...messages, ...rest]
}

function isClosed(message: StoredMessage): boolean {
  return isCompressed(message) || needsUnwrap(message.sysFlag)
}

/** Java leaves an empty body alone, whatever the flag says. */
function isCompressed(message: StoredMessage): boolean {
  return (message.sysFlag & SYS_FLAG.COMPRESSED) !== 0 && message.body.length > 0
}

async function openAll(
  messages: readonly StoredMessage[],
  { maxBodyBytes = DEFAULT_MAX_BODY_BYTES, maxTotalBytes = DEFAULT_MAX_TOTAL_BYTES }: OpenBodiesOptions,
): Promise<OpenedBodies> {
  const opened: (readonly StoredMessage[])[] = []
  let total = 0
  const worker = async (): Promise<void> => {
    // Taken in order, so that what is left is the end of the answer.
    while (opened.length < messages.length && total < maxTotalBytes) {
      const i = opened.length
      const message = messages[i] as StoredMessage
      opened.push([message])
      if (!isClosed(message)) continue
      const parts = await open(message, maxBodyBytes)
      opened[i] = parts
      total += parts.reduce((sum, { body }) => sum + body.length, 0)
    }
  }
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, messages.length) }, worker))
  return { messages: opened.flat(), rest: messages.slice(opened.length) }
}

async function open(message: StoredMessage, maxBodyBytes: number): Promise<readonly StoredMessage[]> {
  if (message.unreadable !== undefined) return [message]
  try {
    if (isCompressed(message)) message.inflated(await inflatedBody(message, maxBodyBytes))
    return needsUnwrap(message.sysFlag) ? unwrapInnerBatch(message) : [message]
  } catch (thrown) {
    message.unreadable = closedFor(message, asError(thrown))
    return [message]
  }
}

function closedFor({ msgId, topic, brokerName }: StoredMessage, cause: Error): RocketMQError {
  const says = `the body of message ${msgId} in ${topic} cannot be opened: ${cause.message}`
  return new RocketMQError('MESSAGE_UNREADABLE', says, { cause, topic, brokerName })
}

function inflatedBody(message: StoredMessage, maxBodyBytes: number): Buffer | Promise<Buffer> {
  const type = compressionType(message.sysFlag)
  if (type === undefined) throw unreadable(`its compression type is not known (sysFlag ${message.sysFlag})`)
  return inflate(type, message.body, maxBodyBytes)
}
