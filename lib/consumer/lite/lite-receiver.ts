import type { ClientInstance } from '../../client/client-instance'
import { POP_LITE_MESSAGE } from '../../commands/lite'
import { type RocketMQError, asError } from '../../errors'
import { abortReason } from '../../runtime/clock'
import { readLiteAnswer } from './lite-answer'
import { type LiteBrokers, asLiteError } from './lite-brokers'
import type { StoredMessage } from '../../wire/stored-message'

export interface LiteReceiverOptions {
  readonly client: ClientInstance
  readonly consumerGroup: string
  readonly topic: string
  readonly brokers: LiteBrokers
  readonly onBackgroundError: (error: RocketMQError) => void
}

/** What is received. */
export interface LitePop {
  readonly maxMessages: number
  readonly invisibleDurationMs: number
  readonly awaitDurationMs: number
  readonly signal: AbortSignal
}

/** The broker fills in its own time: where ours is behind, it would take requests for old ones and never have messages. */
const BORN_AT_THE_BROKER = 0
/** Of several brokers each is asked this long at a time, ms. */
const SLICE_MS = 1000
/** How much longer than it may hold a request a broker may take to answer, ms. */
const ANSWER_MS = 10_000
/** A round that is over sooner was not waited for by brokers: they hold too many requests, or gave what cannot be read, ms. */
const HELD_MS = 500
/** Before all brokers are asked again where none could be, or none has waited, ms. */
const REST_MS = 1000

/** Asks the brokers of a topic of type LITE in turn for messages. */
export class LiteReceiver {
  readonly #options: LiteReceiverOptions
  #turn = 0

  constructor(options: LiteReceiverOptions) {
    this.#options = options
  }

  /**
   * Messages of one broker; none where there came none in time. What cannot be read is left out and told of.
   * @throws RocketMQError what kept all brokers from answering, ABORTED
   */
  async receive(pop: LitePop): Promise<readonly StoredMessage[]> {
    const { client, brokers } = this.#options
    const endsAt = client.clock.monotonic() + pop.awaitDurationMs
    for (;;) {
      const masters = await brokers.masters({ signal: pop.signal })
      const isAlone = masters.length === 1
      const askedAt = client.clock.monotonic()
      let failure: Error | undefined
      let answered = false
      for (let asked = 0; asked < masters.length; asked++) {
        const { brokerName, address } = masters[this.#turn++ % masters.length] as (typeof masters)[number]
        const leftMs = Math.max(0, endsAt - client.clock.monotonic())
        try {
          const pollMs = isAlone ? leftMs : Math.min(leftMs, SLICE_MS)
          const messages = await this.#pop({ brokerName, address }, pop, pollMs)
          answered = true
          if (messages.length > 0) return messages
        } catch (error) {
          if (pop.signal.aborted) throw abortReason(pop.signal)
          failure = asError(asLiteError(error, address))
        }
      }
      const now = client.clock.monotonic()
      const leftMs = endsAt - now
      if (leftMs <= 0 && !answered && failure !== undefined) throw failure
      if (leftMs <= 0) return []
      if (!answered || now - askedAt < HELD_MS) await client.clock.sleep(Math.min(REST_MS, leftMs), pop.signal)
    }
  }

  async #pop(
    { brokerName, address }: { brokerName: string; address: string },
    { maxMessages, invisibleDurationMs, signal }: LitePop,
    pollTime: number,
  ): Promise<readonly StoredMessage[]> {
    const { client, consumerGroup, topic, onBackgroundError } = this.#options
    const header = {
      clientId: client.clientId,
      consumerGroup,
      topic,
      maxMsgNum: maxMessages,
      invisibleTime: invisibleDurationMs,
      pollTime: Math.round(pollTime),
      bornTime: BORN_AT_THE_BROKER,
      bname: brokerName,
    }
    const call = { timeoutMs: pollTime + ANSWER_MS, signal }
    const reply = await client.remoting.invoke(address, POP_LITE_MESSAGE, { header }, call)
    const { messages, damage } = await readLiteAnswer(reply, { brokerName, consumerGroup })
    if (damage !== undefined) onBackgroundError(damage)
    for (const message of messages) message.topic = topic
    const unreadable = messages.flatMap(message => message.unreadable ?? [])
    for (const problem of unreadable) onBackgroundError(problem)
    return messages.filter(message => message.unreadable === undefined)
  }
}
