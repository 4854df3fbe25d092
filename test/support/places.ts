import type { MessageExt, Producer } from '../../lib/index'
import { tellFault } from './fault-report'
import { Ledger } from './ledger'
import type { Site } from './site'

/**
 * The books of sends whose results are compared with what arrives: one that was given the answer to another request tells
 * another message's place.
 */
export class Places {
  readonly ledger = new Ledger()
  readonly failed: unknown[] = []
  readonly #site: Site
  readonly #told = new Map<string, string>()
  readonly #found = new Map<string, string>()
  #sent = 0

  constructor(site: Site) {
    this.#site = site
  }

  /** A listener for `consumeEach`. */
  readonly take = (message: MessageExt): void => {
    this.ledger.consumed(message.text())
    this.#found.set(message.text(), `${message.brokerName} ${message.queueId} ${message.queueOffset}`)
    this.#site.changes.notify()
  }

  /** Sends so many at once, and resolves when all have an outcome. */
  async send(producer: Producer, topic: string, count: number): Promise<void> {
    await Promise.all(Array.from({ length: count }, () => this.#send(producer, topic)))
  }

  /** Sends whose result tells another place than the one where the message is. */
  get mistaken(): string[] {
    return [...this.#told].flatMap(([body, place]) => {
      const found = this.#found.get(body)
      return found === place ? [] : [`${body}: told ${place}, found ${found ?? 'nowhere'}`]
    })
  }

  /** Resolves when all that was acknowledged has come, and notes the figures of a fault. */
  async tell(row: number, fault: string, also?: string): Promise<void> {
    const { ledger } = this
    const what = (): string => `all messages, not ${JSON.stringify(ledger.figures)}`
    await this.#site.until(() => ledger.lost.length === 0, { what })
    tellFault(this.#site, { row, fault, ledger, ...(also !== undefined && { also }) })
  }

  async #send(producer: Producer, topic: string): Promise<void> {
    const body = `message ${this.#sent++}`
    this.ledger.sent(body)
    try {
      const { messageQueue, queueOffset } = await producer.send({ topic, body })
      this.ledger.acknowledged(body)
      this.#told.set(body, `${messageQueue.brokerName} ${messageQueue.queueId} ${queueOffset}`)
    } catch (error) {
      this.failed.push(error)
    }
  }
}
