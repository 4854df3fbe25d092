import { asError, RocketMQError } from '../errors'
import { compressionType, needsUnwrap, SYS_FLAG } from '../model/sys-flag'
import { inflate } from './compression'
import { unwrapInnerBatch } from './inner-batch'
import type { StoredMessage } from './stored-message'
import { unreadable } from './unreadable'

/** Four times the largest message that brokers take by default. */
const DEFAULT_MAX_BODY_BYTES = 4 * 4_194_304
/** How many bodies are inflated at a time: as many as libuv has threads. */
const CONCURRENCY = 4

/** How bodies are opened. */
export interface OpenBodiesOptions {
  /** A body that would inflate to more makes its message unreadable; default 16 MiB. */
  readonly maxBodyBytes?: number
}

/**
 * Inflates bodies and splits inner batches. Where there is nothing to do it returns the same array, at once. Never rejects:
 * what cannot be opened stays in its place, with the reason in `unreadable`.
 */
export function openBodies(
  messages: StoredMessage[],
  { maxBodyBytes = DEFAULT_MAX_BODY_BYTES }: OpenBodiesOptions = {},
): StoredMessage[] | Promise<StoredMessage[]> {
  for (const message of messages) {
    if (isClosed(message)) return openAll(messages, maxBodyBytes)
  }
  return messages
}

function isClosed(message: StoredMessage): boolean {
  return isCompressed(message) || needsUnwrap(message.sysFlag)
}

/** Java leaves an empty body alone, whatever the flag says. */
function isCompressed(message: StoredMessage): boolean {
  return (message.sysFlag & SYS_FLAG.COMPRESSED) !== 0 && message.body.length > 0
}

async function openAll(messages: readonly StoredMessage[], maxBodyBytes: number): Promise<StoredMessage[]> {
  const opened: (readonly StoredMessage[])[] = messages.map(message => [message])
  let next = 0
  const worker = async (): Promise<void> => {
    for (let i = next++; i < messages.length; i = next++) {
      const message = messages[i] as StoredMessage
      if (isClosed(message)) opened[i] = await open(message, maxBodyBytes)
    }
  }
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, messages.length) }, worker))
  return opened.flat()
}

async function open(message: StoredMessage, maxBodyBytes: number): Promise<readonly StoredMessage[]> {
  if (message.unreadable !== undefined) return [message]
  try {
    if (isCompressed(message)) message.inflated(await inflatedBody(message, maxBodyBytes))
    return needsUnwrap(message.sysFlag) ? unwrapInnerBatch(message) : [message]
  } catch (thrown) {
    const error = asError(thrown)
    message.unreadable = new RocketMQError(
      'MESSAGE_UNREADABLE',
      `the body of message ${message.msgId} in ${message.topic} cannot be opened: ${error.message}`,
      { cause: error, topic: message.topic, brokerName: message.brokerName },
    )
    return [message]
  }
}

function inflatedBody(message: StoredMessage, maxBodyBytes: number): Buffer | Promise<Buffer> {
  const type = compressionType(message.sysFlag)
  if (type === undefined) throw unreadable(`its compression type is not known (sysFlag ${message.sysFlag})`)
  return inflate(type, message.body, maxBodyBytes)
}
