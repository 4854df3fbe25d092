import { inspect } from 'node:util'
import { RocketMQError, asError } from '../../errors'
import type { MessageQueue } from '../../model/message-queue'
import type { OffsetStore } from './offset-store'

/**
 * A store of the user's, whose offsets are checked: a queue that begins at a made-up one would lose or repeat messages. What
 * its waiting calls fail with is the cause of an error that names the store.
 */
export class CheckedOffsetStore implements OffsetStore {
  readonly #store: OffsetStore

  constructor(store: OffsetStore) {
    this.#store = store
  }

  /** @throws RocketMQError OFFSET_STORE_FAILED */
  async load(): Promise<void> {
    await this.#typed('load', () => this.#store.load())
  }

  /** @throws RocketMQError OFFSET_STORE_FAILED, also for what is no offset */
  async read(queue: MessageQueue): Promise<number | undefined> {
    return this.#checked('read', queue, await this.#typed('read', () => this.#store.read(queue)))
  }

  /** @throws RocketMQError OFFSET_STORE_FAILED for what is no offset */
  current(queue: MessageQueue): number | undefined {
    return this.#checked('current', queue, this.#store.current(queue))
  }

  update(queue: MessageQueue, offset: number, options: { increaseOnly: boolean }): void {
    this.#store.update(queue, offset, options)
  }

  freeze(queue: MessageQueue, offset: number): void {
    this.#store.freeze(queue, offset)
  }

  /** @throws RocketMQError OFFSET_STORE_FAILED */
  async persist(queues: readonly MessageQueue[], options: { confirmed: boolean }): Promise<void> {
    await this.#typed('persist', () => this.#store.persist(queues, options))
  }

  remove(queue: MessageQueue): void {
    this.#store.remove(queue)
  }

  async #typed<T>(call: 'load' | 'read' | 'persist', work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (cause) {
      if (RocketMQError.is(cause)) throw cause
      const says = `${call}() of the ${nameOf(this.#store)} failed: ${asError(cause).message}`
      throw new RocketMQError('OFFSET_STORE_FAILED', says, { cause })
    }
  }

  /** Null, as databases tell what they do not have, is no offset either. */
  #checked(call: 'read' | 'current', queue: MessageQueue, told: unknown): number | undefined {
    if (told === undefined || told === null) return undefined
    if (typeof told === 'number' && Number.isSafeInteger(told) && told >= 0) return told
    const { topic, brokerName, queueId } = queue
    const place = `queue ${queueId} of ${topic} on ${brokerName}`
    const value = inspect(told, { maxStringLength: 40, depth: 0 })
    const cure = 'an offset is a whole number from 0 up, or undefined where there is none'
    const says = `${call}() of the ${nameOf(this.#store)} tells ${value} for ${place}: ${cure}`
    throw new RocketMQError('OFFSET_STORE_FAILED', says, { topic })
  }
}

/** The option, and the class where it has one. */
function nameOf(store: OffsetStore): string {
  // Objects without a prototype have none.
  const made: unknown = Reflect.get(store, 'constructor')
  const name = typeof made === 'function' ? made.name : ''
  return name !== '' && name !== 'Object' ? `offsetStore ${name}` : 'offsetStore'
}
