import type { PUSH_REPLY_MESSAGE_TO_CLIENT } from '../commands/callback'
import type { ReplyOf, RequestOf } from '../commands/command'
import { asError } from '../errors'
import type { MessageExt } from '../model/message'
import { PROPERTY } from '../model/property-names'
import type { Clock } from '../runtime/clock'
import { openBodies } from '../wire/open-bodies'
import { appendProperty, decodeProperties } from '../wire/properties'
import type { StoredMessage } from '../wire/stored-message'
import { decodeStoredMessages } from '../wire/stored-message-decoder'
import { encodeStoredMessage } from '../wire/stored-message-encoder'

type Push = RequestOf<typeof PUSH_REPLY_MESSAGE_TO_CLIENT>

/** Gets the reply, or why it cannot be read. */
export type ReplyTaker = (error: Error | undefined, reply: MessageExt | undefined) => void

/** Replies that requests of this client wait for, by correlation id. A reply that nobody waits for is dropped and counted. */
export class Replies {
  readonly #clock: Clock
  readonly #takers = new Map<string, ReplyTaker>()
  #late = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Replies that came too late, twice, or for nobody. */
  get late(): number {
    return this.#late
  }

  /** Has the reply of an id handed over, once; the returned function ends the wait. */
  expect(correlationId: string, taker: ReplyTaker): () => void {
    this.#takers.set(correlationId, taker)
    return () => void this.#takers.delete(correlationId)
  }

  /** What a broker pushes: it is told that the reply has come, whoever wants it. */
  take(push: Push): ReplyOf<typeof PUSH_REPLY_MESSAGE_TO_CLIENT> {
    const id = decodeProperties(push.header.properties ?? '')[PROPERTY.CORRELATION_ID] ?? ''
    const taker = this.#takers.get(id)
    if (taker === undefined) this.#late++
    else {
      this.#takers.delete(id)
      void this.#open(push).then(
        reply => taker(undefined, reply),
        (error: unknown) => taker(asError(error), undefined),
      )
    }
    return { code: 'SUCCESS' }
  }

  async #open(push: Push): Promise<StoredMessage> {
    const [reply] = (await openBodies([replyOf(push, this.#clock.now())])) as [StoredMessage]
    if (reply.unreadable !== undefined) throw reply.unreadable
    return reply
  }
}

/** The reply as a message like any other; it has no place in a queue. */
function replyOf({ header, body }: Push, now: number): StoredMessage {
  const record = encodeStoredMessage({
    topic: header.topic,
    body,
    properties: appendProperty(header.properties ?? '', PROPERTY.ARRIVE_TIME, String(now)),
    queueId: header.queueId,
    queueOffset: 0,
    commitLogOffset: 0,
    sysFlag: header.sysFlag,
    bornTimestamp: header.bornTimestamp,
    bornHost: header.bornHost,
    storeTimestamp: header.storeTimestamp,
    storeHost: header.storeHost,
    flag: header.flag,
    reconsumeTimes: header.reconsumeTimes ?? 0,
  })
  return decodeStoredMessages(record, { brokerName: '', offsetDelta: 0 }).messages[0] as StoredMessage
}
