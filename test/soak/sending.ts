import { Producer } from '../../lib/index'
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
  readonly #workers: Promise<unknown>
  #stopped = false

  private constructor(stream: Stream, producer: Producer) {
    this.#stream = stream
    this.#producer = producer
    this.#workers = Promise.all(Array.from({ length: AT_A_TIME }, (_, worker) => this.#work(worker)))
  }

  static async to(stream: Stream, namesrvAddr: string): Promise<Sending> {
    const producer = new Producer({ namesrvAddr, producerGroup: `${stream.topic}-producers` })
    await producer.start()
    return new Sending(stream, producer)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#workers
    await this.#producer.shutdown()
  }

  /** Each worker has keys of its own, so that the messages of a key are sent one after the other. */
  async #work(worker: number): Promise<void> {
    const { kind } = this.#stream
    const indices = new Map<string, number>()
    for (let round = 0; !this.#stopped; round++) {
      const shardingKey = kind === 'key' ? `key ${worker} ${round % (KEYS / AT_A_TIME)}` : undefined
      await this.#send(shardingKey, shardingKey === undefined ? 0 : (indices.get(shardingKey) ?? 0))
      if (shardingKey !== undefined) indices.set(shardingKey, (indices.get(shardingKey) ?? 0) + 1)
      await systemClock.sleep(PAUSE_MS)
    }
  }

  /** A message of a key is sent until it is acknowledged: the next would pass it otherwise. */
  async #send(shardingKey: string | undefined, index: number): Promise<void> {
    const { ledger, topic } = this.#stream
    for (let isSent = false; !isSent;) {
      const number = ledger.send()
      const body = `${number} ${index} `.padEnd(BODY_BYTES, '.')
      try {
        await this.#producer.send({ topic, body }, { ...(shardingKey !== undefined && { shardingKey }) })
        ledger.acknowledged(number)
        isSent = true
      } catch {
        ledger.failed(number)
        isSent = shardingKey === undefined || this.#stopped
        await systemClock.sleep(PAUSE_MS)
      }
    }
  }
}
