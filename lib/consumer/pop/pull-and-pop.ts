import type { ConsumeService } from '../push/consume-service'
import type { ProcessQueue } from '../push/process-queue'
import type { PopService } from './pop-service'

/** The services of a consumer that pulls some queues and pops others; each has its places, as in Java. */
export class PullAndPop implements ConsumeService {
  readonly #pulled: ConsumeService
  readonly #popped: PopService

  constructor(pulled: ConsumeService, popped: PopService) {
    this.#pulled = pulled
    this.#popped = popped
  }

  get running(): number {
    return this.#pulled.running + this.#popped.running
  }

  submit(queue: ProcessQueue): void {
    this.#pulled.submit(queue)
  }

  updateConcurrency(concurrency: number): void {
    this.#pulled.updateConcurrency(concurrency)
    this.#popped.updateConcurrency(concurrency)
  }

  async drain(): Promise<void> {
    await Promise.all([this.#pulled.drain(), this.#popped.drain()])
  }
}
