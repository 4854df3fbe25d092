import type { ClientInstance } from '../../client/client-instance'
import { ACK_MESSAGE, BATCH_ACK_MESSAGE, type BatchAck } from '../../commands/pop'
import { RocketMQError } from '../../errors'
import { backoffMs } from '../../runtime/random'
import { batchAcksOf } from './batch-acks'
import { asReceiptError } from './invisible-time'
import { asPopError, masterOf } from './pop-broker'
import { type Receipt, fitsBatch, storedTopicOf } from './receipt'

export interface AcknowledgerOptions {
  readonly client: Pick<ClientInstance, 'clock' | 'names' | 'remoting' | 'routes'>
  readonly consumerGroup: string
}

interface Waiting {
  readonly receipt: Receipt
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** MQVersion of 5.1.4, the first that takes several acknowledgements in one request. */
const V5_1_4 = 441
const TIMEOUT_MS = 3000
const TRIES = 3
const AGAIN_FIRST_MS = 100
const AGAIN_LAST_MS = 1000
/** Acknowledgements of one request. */
const MOST_AT_ONCE = 512

/**
 * Acknowledges popped messages. What comes while a request is under way to the same broker goes together in the next one,
 * where the broker knows that.
 */
export class Acknowledger {
  readonly #options: AcknowledgerOptions
  readonly #waiting = new Map<string, Waiting[]>()
  readonly #runs = new Map<string, Promise<void>>()

  constructor(options: AcknowledgerOptions) {
    this.#options = options
  }

  /**
   * Tells the broker that a message is done, up to three times where it does not answer.
   * @throws RocketMQError INVALID_RECEIPT where the broker does not have it, and those of `RemotingClient.invoke`
   */
  ack(receipt: Receipt): Promise<void> {
    const { brokerName } = receipt.info
    return new Promise((resolve, reject) => {
      const queue = this.#waiting.get(brokerName) ?? []
      this.#waiting.set(brokerName, queue)
      queue.push({ receipt, resolve, reject })
      if (this.#runs.has(brokerName)) return
      // Not in this turn: the other messages of a listener's batch come in it, too.
      const run = Promise.resolve().then(() => this.#run(brokerName))
      this.#runs.set(brokerName, run)
    })
  }

  /** Resolves when all that was given has been settled. */
  async settled(): Promise<void> {
    while (this.#runs.size > 0) await Promise.all(this.#runs.values())
  }

  async #run(brokerName: string): Promise<void> {
    for (;;) {
      const batch = this.#waiting.get(brokerName)?.splice(0, MOST_AT_ONCE) ?? []
      if (batch.length === 0) break
      await this.#settle(brokerName, batch)
    }
    this.#waiting.delete(brokerName)
    this.#runs.delete(brokerName)
  }

  /** Never rejects. */
  async #settle(brokerName: string, batch: readonly Waiting[]): Promise<void> {
    try {
      const [{ receipt }] = batch as [Waiting, ...Waiting[]]
      const address = await masterOf(
        this.#options.client,
        { topic: receipt.topic, brokerName },
        { timeoutMs: TIMEOUT_MS },
      )
      const takesSeveral = batch.length > 1 && this.#versionOf(address) >= V5_1_4
      const together = takesSeveral ? batch.filter(each => fitsBatch(each.receipt)) : []
      const alone = batch.filter(each => !together.includes(each))
      const requests = alone.map(each => this.#ackOne(address, each))
      if (together.length > 0) requests.push(this.#ackTogether(address, brokerName, together))
      await Promise.all(requests)
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
  }

  #versionOf(address: string): number {
    return this.#options.client.remoting.openChannel(address)?.peerVersion ?? 0
  }

  async #ackOne(address: string, { receipt, resolve, reject }: Waiting): Promise<void> {
    const { client, consumerGroup } = this.#options
    const { info, handle: extraInfo } = receipt
    const topic = storedTopicOf(receipt, consumerGroup, client.names)
    const { queueId, queueOffset: offset, brokerName: bname } = info
    const header = { consumerGroup, topic, queueId, extraInfo, offset, bname }
    try {
      await this.#tried(() => client.remoting.invoke(address, ACK_MESSAGE, { header }, { timeoutMs: TIMEOUT_MS }))
      resolve()
    } catch (error) {
      reject(asReceiptError(asPopError(error, address), receipt, consumerGroup))
    }
  }

  async #ackTogether(address: string, brokerName: string, batch: readonly Waiting[]): Promise<void> {
    const { client, consumerGroup } = this.#options
    const receipts = batch.map(({ receipt }) => receipt)
    const topics = [...new Set(receipts.map(({ topic }) => topic))]
    const acksOf = (topic: string): readonly BatchAck[] => {
      const infos = receipts.filter(receipt => receipt.topic === topic).map(({ info }) => info)
      return batchAcksOf(infos, { topic, consumerGroup }).acks
    }
    const body = { brokerName, acks: topics.flatMap(acksOf) }
    try {
      await this.#tried(() => client.remoting.invoke(address, BATCH_ACK_MESSAGE, { body }, { timeoutMs: TIMEOUT_MS }))
      for (const { resolve } of batch) resolve()
    } catch (error) {
      for (const { reject } of batch) reject(asPopError(error, address))
    }
  }

  /** An acknowledgement that comes twice does no harm, one that is lost makes the message come again. */
  async #tried(request: () => Promise<unknown>): Promise<void> {
    for (let tried = 1; ; tried++) {
      try {
        await request()
        return
      } catch (error) {
        if (tried === TRIES || !RocketMQError.is(error) || !error.retriable) throw error
        await this.#options.client.clock.sleep(backoffMs(tried - 1, AGAIN_FIRST_MS, AGAIN_LAST_MS))
      }
    }
  }
}
