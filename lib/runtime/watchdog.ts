import { type ErrorDetails, RocketMQError } from '../errors'

/** A background activity that must not stand still. */
export interface Watched {
  /** Names it for people, such as `the pull loop of queue 3 of Orders on broker-a`. */
  readonly name: string
  /** It may go without progress for so long, ms. */
  readonly boundMs: number
  readonly details?: ErrorDetails
  /** Milliseconds since it last made progress; 0 while it waits on purpose. */
  idleMs(): number
  /** What it does or waits for at the moment, such as `pulls`. */
  doing(): string
  /** Begins it anew; missing where that is not safe. */
  restart?(): void
  /** Hears that it stands still: an error with the code LOOP_STALLED. */
  onStalled(error: RocketMQError): void
}

/**
 * `late` is forgiven once: after a stop of the whole process all seem to stand still, until they have had a turn.
 *
 * fine --late--> suspect --late--> told --progress or restart--> fine
 */
type State = 'fine' | 'suspect' | 'told'

/** How often it is to look, ms. */
export const WATCH_EVERY_MS = 20_000

/** Tells of background activities that make no progress, and begins them anew where that is safe. */
export class Watchdog {
  readonly #states = new Map<Watched, State>()

  /** Watches it until the returned function is called. */
  add(watched: Watched): () => void {
    this.#states.set(watched, 'fine')
    return () => void this.#states.delete(watched)
  }

  /** To be called every `WATCH_EVERY_MS`. */
  look(): void {
    for (const [watched, state] of [...this.#states]) {
      const idleMs = watched.idleMs()
      if (idleMs <= watched.boundMs) this.#states.set(watched, 'fine')
      else if (state === 'fine') this.#states.set(watched, 'suspect')
      else if (state === 'suspect') this.#tell(watched, idleMs)
    }
  }

  #tell(watched: Watched, idleMs: number): void {
    const { name, details } = watched
    const cure = watched.restart === undefined ? 'nothing can be done about it here' : 'it is begun anew'
    const says = `${name} has made no progress for ${Math.round(idleMs)} ms, it ${watched.doing()}: ${cure}`
    this.#states.set(watched, watched.restart === undefined ? 'told' : 'fine')
    watched.onStalled(new RocketMQError('LOOP_STALLED', says, details))
    watched.restart?.()
  }
}
