import { RocketMQError } from '../errors'

/** Life of everything that is started and shut down. */
export type LifecycleState = 'created' | 'starting' | 'running' | 'stopping' | 'stopped' | 'failed'

const MOVES: Record<LifecycleState, readonly LifecycleState[]> = {
  created: ['starting', 'stopping'],
  starting: ['running', 'failed', 'stopping'],
  running: ['stopping', 'failed'],
  stopping: ['stopped', 'failed'],
  stopped: [],
  failed: ['stopping'],
}

/** `created -> starting -> running -> stopping -> stopped | failed`; refuses every other move. */
export class Lifecycle {
  readonly #owner: string
  #state: LifecycleState = 'created'
  #started: Promise<void> | undefined
  #stopped: Promise<void> | undefined

  /** `owner` names the thing in error messages, such as `producer orders`. */
  constructor(owner: string) {
    this.#owner = owner
  }

  /** Where it is in its life. */
  get state(): LifecycleState {
    return this.#state
  }

  /** Moves on. @throws RocketMQError INVALID_STATE for a move that is none */
  to(next: LifecycleState): void {
    if (!MOVES[this.#state].includes(next)) {
      throw new RocketMQError('INVALID_STATE', `${this.#owner} is ${this.#state} and cannot become ${next}`)
    }
    this.#state = next
  }

  /** Throws unless running. */
  mustRun(): void {
    if (this.#state === 'running') return
    const cure = this.#state === 'created' ? 'call start() first' : 'create a new one'
    throw new RocketMQError('INVALID_STATE', `${this.#owner} is ${this.#state}: ${cure}`)
  }

  /**
   * Runs `start` once; later calls get the same promise, but from `stop` on what ran is not said to run. When it fails,
   * `undo` releases what it had taken.
   * @throws RocketMQError INVALID_STATE after it ran and was stopped
   */
  start(start: () => Promise<void>, undo: () => Promise<void>): Promise<void> {
    this.#started ??= this.#start(start, undo)
    const hasEnded = this.#state === 'stopping' || this.#state === 'stopped'
    return hasEnded ? this.#started.then(() => this.mustRun()) : this.#started
  }

  /** Runs `stop` once, after a start under way has ended; later calls get the same promise. Does nothing if never started. */
  stop(stop: () => Promise<void>): Promise<void> {
    this.#stopped ??= this.#stop(stop)
    return this.#stopped
  }

  async #start(start: () => Promise<void>, undo: () => Promise<void>): Promise<void> {
    this.to('starting')
    try {
      await start()
    } catch (error) {
      this.to('failed')
      await undo()
      throw error
    }
    this.to('running')
  }

  async #stop(stop: () => Promise<void>): Promise<void> {
    // What runs stops at once: a call made right after shutdown() is refused.
    if (this.#state !== 'running') await this.#started?.catch(() => undefined)
    const wasRunning = this.#state === 'running'
    this.to('stopping')
    try {
      if (wasRunning) await stop()
    } finally {
      this.to('stopped')
    }
  }
}
