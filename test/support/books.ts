import type { MessageExt, Producer } from '../../lib/index'
import type { Site } from './site'
import { type FaultCase, tellFault } from './fault-report'
import { Ledger } from './ledger'

/** The ledger of a test that sends so many messages, all of which are to come; `Load` is for those that send all the time. */
export class Books {
  readonly ledger = new Ledger()
  readonly #site: Site
  #sent = 0

  constructor(site: Site) {
    this.#site = site
  }

  /** For the end of a listener. */
  readonly take = (message: MessageExt): void => {
    this.ledger.consumed(message.text())
    this.#site.changes.notify()
  }

  /** Sends so many, in batches where that is wished, and resolves with their bodies. */
  async send(producer: Producer, topic: string, count: number, batch = 1): Promise<string[]> {
    const bodies = Array.from({ length: count }, () => `message ${this.#sent++}`)
    for (let from = 0; from < count; from += batch) {
      const part = bodies.slice(from, from + batch)
      for (const body of part) this.ledger.sent(body)
      await (batch === 1 ? producer.send({ topic, body: part[0] as string }) : producer.send(messagesOf(topic, part)))
      for (const body of part) this.ledger.acknowledged(body)
    }
    return bodies
  }

  /** What was committed, and must come; what is not told of here must not. */
  committed(body: string): void {
    this.ledger.sent(body)
    this.ledger.acknowledged(body)
  }

  /** Resolves when all that was acknowledged has come. */
  async complete(withinMs?: number): Promise<void> {
    const { ledger } = this
    const isComplete = (): boolean => {
      const { consumed, acknowledged } = ledger.counts
      return consumed >= acknowledged && ledger.lost.length === 0
    }
    const what = (): string => `all messages, not ${JSON.stringify(ledger.figures)}`
    await this.#site.until(isComplete, { what, ...(withinMs && { withinMs }) })
  }

  /** Notes the figures of a fault, once all has come. */
  async tell(
    row: FaultCase['row'],
    fault: string,
    rest: Omit<FaultCase, 'row' | 'fault' | 'ledger'> = {},
  ): Promise<void> {
    await this.complete()
    tellFault(this.#site, { row, fault, ledger: this.ledger, ...rest })
  }
}

function messagesOf(topic: string, bodies: readonly string[]) {
  return bodies.map(body => ({ topic, body }))
}
