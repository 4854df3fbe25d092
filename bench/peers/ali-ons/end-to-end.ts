import { Latencies } from '../../drivers/latencies'
import { type DriverSetup, type Measured, type Round, startStopwatch } from '../../drivers/rounds'
import {
  type AliOns,
  type AliOnsMessage,
  type AliOnsProducer,
  clientOptions,
  sampleMessage,
  tellErrors,
} from './library'

/** How often sends are made; each time as many as the pace asks for by then. */
const EVERY_MS = 2
const PROBE_EVERY_MS = 200
const PROBE = 'probe'

/**
 * Sends at a given pace and consumes in the same process, whose clock measures both ends. A tag of its own keeps the other
 * drivers' messages away, which are on the same topic.
 */
export async function openEndToEnd(library: AliOns, setup: DriverSetup): Promise<Round> {
  const producer = new library.Producer({ ...clientOptions(setup.namesrvAddr), producerGroup: 'bench' })
  tellErrors(producer)
  await producer.ready()
  const endToEnd = new EndToEnd(library, setup, producer)
  endToEnd.consume()
  await endToEnd.untilAssigned()
  return messages => endToEnd.run(messages)
}

class EndToEnd {
  readonly #library: AliOns
  readonly #setup: DriverSetup
  readonly #producer: AliOnsProducer
  readonly #tag = `bench-${process.pid}-e2e`
  #rounds = 0
  #onHandled: (message: AliOnsMessage) => void = () => undefined

  constructor(library: AliOns, setup: DriverSetup, producer: AliOnsProducer) {
    this.#library = library
    this.#setup = setup
    this.#producer = producer
  }

  consume(): void {
    const consumer = new this.#library.Consumer({
      ...clientOptions(this.#setup.namesrvAddr),
      consumerGroup: this.#tag,
      consumeFromWhere: 'CONSUME_FROM_LAST_OFFSET',
    })
    tellErrors(consumer)
    consumer.subscribe(this.#setup.topic, this.#tag, async message => this.#onHandled(message))
  }

  /** Sends probes until one of each queue has come. */
  untilAssigned(): Promise<void> {
    const { queues } = this.#setup
    const seen = new Set<number>()
    return new Promise((resolve, reject) => {
      const probe = (): void => {
        for (let i = 0; i < queues; i++) this.#send(PROBE).catch(reject)
      }
      const timer = setInterval(probe, PROBE_EVERY_MS)
      this.#onHandled = ({ queueId }) => {
        seen.add(queueId)
        if (seen.size < queues) return
        clearInterval(timer)
        resolve()
      }
    })
  }

  run(messages: number): Promise<Measured> {
    const { pace } = this.#setup
    const prefix = `order-${this.#rounds++}-`
    const latencies = new Latencies()
    const sentAt = new Map<string, number>()
    const stop = startStopwatch()
    return new Promise((resolve, reject) => {
      let sent = 0
      this.#onHandled = ({ keys }) => {
        const at = sentAt.get(String(keys))
        if (at === undefined) return
        sentAt.delete(String(keys))
        latencies.add(performance.now() - at)
        if (sent === messages && sentAt.size === 0) resolve({ ...stop(), latency: latencies.summary() })
      }
      const startedAt = performance.now()
      const sendDue = (): void => {
        const due = Math.min(messages, Math.ceil(((performance.now() - startedAt) * pace) / 1000))
        for (; sent < due; sent++) {
          const key = `${prefix}${sent}`
          sentAt.set(key, performance.now())
          this.#send(key).catch(reject)
        }
        if (sent === messages) clearInterval(timer)
      }
      const timer = setInterval(sendDue, EVERY_MS)
    })
  }

  #send(key: string): Promise<unknown> {
    return this.#producer.send(sampleMessage(this.#library, this.#setup.topic, { tag: this.#tag, key }))
  }
}
