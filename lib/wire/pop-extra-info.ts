import { RocketMQError } from '../errors'
import { isPopRetryTopicV2, isRetryTopic, popRetryTopic } from '../model/names'
import { javaSplit, parseJavaInt } from '../model/java-text'
import { parseInt64 } from './int64'

/** Whose queue it is: `0` the topic's own, `1` and `2` those of its POP retry topic of that version. */
export type RetryFlag = '0' | '1' | '2'

/** The queue in the place of the revive queue that tells an orderly pop (Java `KeyBuilder.POP_ORDER_REVIVE_QUEUE`). */
export const POP_ORDER_REVIVE_QUEUE = 999

/** What the receipt handle of a popped message says (Java `ExtraInfoUtil`); times in ms. */
export interface PopExtraInfo {
  /** Offset of the first message that was popped together with it. */
  readonly ckQueueOffset: number
  readonly popTime: number
  readonly invisibleTime: number
  readonly reviveQid: number
  readonly retry: RetryFlag
  readonly brokerName: string
  readonly queueId: number
  /** Offset of the message itself. */
  readonly queueOffset: number
}

/** The flag of the topic that a message is stored under. */
export function retryFlagOf(topic: string): RetryFlag {
  if (isPopRetryTopicV2(topic)) return '2'
  return isRetryTopic(topic) ? '1' : '0'
}

/** The topic that a queue with this flag belongs to; flags that are not known mean the topic itself, as for Java. */
export function realTopicOf(retry: string, topic: string, group: string): string {
  if (retry === '1') return popRetryTopic(topic, group, 1)
  return retry === '2' ? popRetryTopic(topic, group, 2) : topic
}

/** Writes a receipt handle. */
export function buildExtraInfo(info: PopExtraInfo): string {
  const { ckQueueOffset, popTime, invisibleTime, reviveQid, retry, brokerName, queueId, queueOffset } = info
  return `${ckQueueOffset} ${popTime} ${invisibleTime} ${reviveQid} ${retry} ${brokerName} ${queueId} ${queueOffset}`
}

/**
 * Reads a receipt handle as a whole.
 * @throws RocketMQError PROTOCOL_ERROR where it is missing or is none, UNSAFE_INTEGER where a number cannot hold its numbers
 */
export function parseExtraInfo(text: string | undefined): PopExtraInfo {
  const parts = new ExtraInfoParts(text)
  const { retry, ckQueueOffset, queueId, queueOffset } = parts
  if (retry !== '0' && retry !== '1' && retry !== '2') throw wrong(text, `its retry flag ${shown(retry)} is not known`)
  if (queueId < 0 || queueOffset < 0 || ckQueueOffset < 0) throw wrong(text, 'its queue or an offset is negative')
  const { popTime, invisibleTime, reviveQid, brokerName } = parts
  return { ckQueueOffset, popTime, invisibleTime, reviveQid, retry, brokerName, queueId, queueOffset }
}

/**
 * The parts of a receipt handle, each of them checked when it is read, as brokers do it; a handle may be cut short.
 * Reading throws RocketMQError PROTOCOL_ERROR where the part is missing or wrong, UNSAFE_INTEGER where a number cannot hold
 * it.
 */
export class ExtraInfoParts {
  readonly #text: string
  readonly #parts: readonly string[]

  constructor(text: string | undefined) {
    if (text === undefined) throw new RocketMQError('PROTOCOL_ERROR', 'there is no receipt handle')
    this.#text = text
    this.#parts = javaSplit(text, ' ')
  }

  /** As they stand there. */
  get all(): readonly string[] {
    return this.#parts
  }

  get ckQueueOffset(): number {
    return parseInt64(this.#part(0, 'offset of the pop'))
  }

  get popTime(): number {
    return parseInt64(this.#part(1, 'pop time'))
  }

  get invisibleTime(): number {
    return parseInt64(this.#part(2, 'invisible time'))
  }

  get reviveQid(): number {
    return this.#int(3, 'revive queue')
  }

  /** True for a message that was popped in order. */
  get isOrder(): boolean {
    return this.reviveQid === POP_ORDER_REVIVE_QUEUE
  }

  /** A `RetryFlag`, or what a stranger wrote. */
  get retry(): string {
    return this.#part(4, 'retry flag')
  }

  get brokerName(): string {
    return this.#part(5, 'broker name')
  }

  get queueId(): number {
    return this.#int(6, 'queue')
  }

  get queueOffset(): number {
    return parseInt64(this.#part(7, 'offset'))
  }

  /** The topic that the message is stored under. */
  realTopic(topic: string, group: string): string {
    return realTopicOf(this.retry, topic, group)
  }

  #part(index: number, name: string): string {
    const part = this.#parts[index]
    if (part === undefined) throw wrong(this.#text, `it lacks the ${name}`)
    return part
  }

  #int(index: number, name: string): number {
    const value = parseJavaInt(this.#part(index, name))
    if (value === undefined) throw wrong(this.#text, `its ${name} is no 32-bit integer`)
    return value
  }
}

function wrong(text: string | undefined, why: string): RocketMQError {
  return new RocketMQError('PROTOCOL_ERROR', `${shown(text)} is no receipt handle: ${why}`)
}

/** Never the whole of what a stranger sent. */
function shown(text: string | undefined): string {
  return JSON.stringify((text ?? '').slice(0, 100))
}
