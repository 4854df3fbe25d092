import { Gate } from '../../runtime/gate'

/** How many messages the queues of a consumer have in hand together; its gate is shut while these are too many. */
export class CacheRoom {
  readonly gate = new Gate()
  readonly #limit: number
  #count = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  get count(): number {
    return this.#count
  }

  /** Messages came into hand, or, where negative, left it. */
  add(messages: number): void {
    this.#count += messages
    if (this.#count > this.#limit) this.gate.shut()
    else if (!this.gate.isOpen) this.gate.open()
  }
}
