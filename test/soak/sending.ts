import { type MessageQueue, Producer } from '../../lib/index'
import { systemClock } from '../../lib/runtime/clock'
import type { Stream } from './kinds'

const KEYS = 32
const PAUSE_MS = 20
const AT_A_TIME = 8
const BODY_BYTES = 256

/** Sends to a stream until it is stopped. */
export class Sending {
  readonly #stream: Stream
  readonly #producer: Producer
  /** All of them, also while some of their brokers are away. */
  readonly #queues: readonly MessageQueue[]
  readonly #workers: Promise<unknown>
  #stopped = false

  private constructor(stream: Stream, producer: Producer, queues: readonly MessageQueue[]) {
    this.#stream = stream
    this.#producer = producer
    this.#queues = queues
    this.#workers = Promise.all(Array.from({ length: AT_A_TIME }, (_, worker) => this.#work(worker)))
  }

  static async to(stream: Stream, namesrvAddr: string): Promise<Sending> {
    const producer = new Producer({ namesrvAddr, producerGroup: `${stream.topic}-producers` })
    await producer.start()
    return new Sending(stream, producer, await producer.publishMessageQueues(stream.topic))
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#workers
    await this.#producer.shutdown()
  }

  /** Each worker has keys of its own, so that the messages of a key are sent one after the other. */
  async #work(worker: number): Promise<void> {
    const indices = new Map<number, number>()
    for (let round = 0; !this.#stopped; round++) {
      if (this.#stream.kind === 'key') {
        const key = worker + AT_A_TIME * (round % (KEYS / AT_A_TIME))
        const index = indices.get(key) ?? 0
        if (await this.#sendOfKey(key, index)) indices.set(key, index + 1)
      } else {
        const number = this.#stream.ledger.send()
        await this.#send(number, this.#producer.send(this.#message(number, 0)))
      }
      await systemClock.sleep(PAUSE_MS)
    }
  }

  /**
   * Until it is acknowledged, as the next one would pass it otherwise; and to the same queue always, as a key that changes its
   * queue while a broker is away has no order. False where it was given up.
   */
  async #sendOfKey(key: number, index: number): Promise<boolean> {
    const queue = this.#queues[key % this.#queues.length] as MessageQueue
    while (!this.#stopped) {
      const number = this.#stream.ledger.send()
      const message = { ...this.#message(number, index), shardingKey: `key ${key}` }
      if (await this.#send(number, this.#producer.send(message, { queue }))) return true
      await systemClock.sleep(PAUSE_MS)
    }
    return false
  }

  async #send(number: number, sent: Promise<unknown>): Promise<boolean> {
    const { ledger } = this.#stream
    try {
      await sent
      ledger.acknowledged(number)
      return true
    } catch {
      ledger.failed(number)
      return false
    }
  }

  #message(number: number, index: number): { topic: string; body: string } {
    return { topic: this.#stream.topic, body: `${number} ${index} `.padEnd(BODY_BYTES, '.') }
  }
}
