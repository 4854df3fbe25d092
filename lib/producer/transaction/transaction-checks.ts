import type { ClientInstance } from '../../client/client-instance'
import type { RequestOf } from '../../commands/command'
import { CHECK_TRANSACTION_STATE } from '../../commands/transaction'
import { RocketMQError, asError } from '../../errors'
import { PROPERTY } from '../../model/property-names'
import { openBodies } from '../../wire/open-bodies'
import type { StoredMessage } from '../../wire/stored-message'
import { decodeStoredMessages } from '../../wire/stored-message-decoder'
import { localState } from './local-state'
import { type TransactionEnds, traceFactsOf } from './transaction-ends'
import type { TransactionListener } from './transaction-listener'

export interface TransactionChecksOptions {
  readonly client: Pick<ClientInstance, 'handle' | 'log' | 'names'>
  readonly group: string
  readonly listener: Pick<TransactionListener, 'checkLocalTransaction'>
  /** Calls of the listener at a time. */
  readonly concurrency: number
  /** Checks that may wait for their turn. */
  readonly maxWaiting: number
  /** Gets the outcomes. */
  readonly ends: Pick<TransactionEnds, 'tell'>
  /** Keeps the producer from being shut down until the returned function is called; undefined where it is already. */
  readonly hold: () => (() => void) | undefined
  readonly onError: (error: RocketMQError) => void
}

type CheckRequest = RequestOf<typeof CHECK_TRANSACTION_STATE>

interface Check {
  readonly request: CheckRequest
  /** Of the broker that asks, and gets the answer. */
  readonly address: string
}

/** Answers brokers that ask what became of transactions: a few at a time, the others wait, and what is too much is dropped. */
export class TransactionChecks {
  readonly #options: TransactionChecksOptions
  readonly #waiting: Check[] = []
  #running = 0
  #dropped = 0

  constructor(options: TransactionChecksOptions) {
    this.#options = options
  }

  /** Calls of the listener that have not ended. */
  get running(): number {
    return this.#running
  }

  /** Checks that wait for their turn. */
  get waiting(): number {
    return this.#waiting.length
  }

  /** Checks that came while too many waited; their brokers ask again. */
  get dropped(): number {
    return this.#dropped
  }

  /** Begins to answer; the returned function ends that. */
  listen(): () => void {
    const { client, group } = this.#options
    const onCheck = (request: CheckRequest, { channel }: { channel: { address: string } }): undefined =>
      this.#take({ request, address: channel.address })
    return client.handle(CHECK_TRANSACTION_STATE, group, onCheck, request => client.names.user(groupOfCheck(request)))
  }

  #take(check: Check): undefined {
    const { concurrency, maxWaiting, group, onError } = this.#options
    if (this.#running < concurrency) void this.#run(check)
    else if (this.#waiting.length < maxWaiting) this.#waiting.push(check)
    else {
      this.#dropped++
      const says = `a check of a transaction of group ${group} was dropped, as ${maxWaiting} are waiting: the broker asks again`
      onError(new RocketMQError('TOO_MANY_REQUESTS', says, { group, address: check.address }))
    }
  }

  /** Answers this one, and then those that wait, one after the other. */
  async #run(first: Check): Promise<void> {
    this.#running++
    for (let check: Check | undefined = first; check !== undefined; check = this.#waiting.shift()) {
      const done = this.#options.hold()
      // What is not answered now is asked again, of another producer of the group.
      if (done === undefined) continue
      try {
        await this.#answer(check)
      } catch (error) {
        this.#failed(check, asError(error))
      } finally {
        done()
      }
    }
    this.#running--
  }

  async #answer({ request, address }: Check): Promise<void> {
    const { listener, group, client, ends } = this.#options
    const { tranStateTableOffset, commitLogOffset, transactionId, topic, bname } = request.header
    const [message] = await openBodies(halfMessagesOf(request))
    if (message === undefined) return
    if (message.unreadable !== undefined) throw message.unreadable
    message.topic = client.names.user(message.topic)
    const outcome = await localState(() => listener.checkLocalTransaction(message))
    if (outcome.error !== undefined) this.#failed({ request, address }, outcome.error)
    const offsets = { tranStateTableOffset, commitLogOffset }
    const place = { topic, bname, producerGroup: group, fromTransactionCheck: true }
    const { msgId } = message
    const header = { ...offsets, ...place, msgId, transactionId }
    await ends.tell({ header, outcome, address, message, msgId, ...traceFactsOf(message) })
  }

  #failed({ address, request }: Check, cause: Error): void {
    const { group, client, onError } = this.#options
    const says = `the check of transaction ${request.header.transactionId} failed: ${cause.message}`
    client.log.warn(says, { address, error: cause })
    const code = RocketMQError.is(cause) ? cause.code : 'TRANSACTION_CHECK_FAILED'
    onError(new RocketMQError(code, says, { address, group, cause }))
  }
}

/** The producer group of a half message, as brokers know it. */
function groupOfCheck(request: CheckRequest): string {
  return halfMessagesOf(request)[0]?.property(PROPERTY.PGROUP) ?? ''
}

function halfMessagesOf({ header, body }: CheckRequest): StoredMessage[] {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  return decodeStoredMessages(bytes, { brokerName: header.bname ?? '', offsetDelta: 0 }).messages
}
