import { PacedSends } from '../../drivers/paced-sends'
import type { DriverSetup, Measured, Round } from '../../drivers/rounds'
import {
  type AliOns,
  type AliOnsMessage,
  type AliOnsProducer,
  clientOptions,
  sampleMessage,
  tellErrors,
} from './library'

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
  readonly #sends = new PacedSends()
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
    this.#onHandled = ({ keys }) => this.#sends.handled(String(keys))
    return this.#sends.run(messages, this.#setup.pace, key => this.#send(key))
  }

  #send(key: string): Promise<unknown> {
    return this.#producer.send(sampleMessage(this.#library, this.#setup.topic, { tag: this.#tag, key }))
  }
}
