const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const
/** As a shell reports a program that SIGPIPE has ended. */
const CLOSED_OUTPUT = 141

/**
 * Turns SIGINT and SIGTERM, and an output that nobody reads any more, into an orderly end. A second signal ends the process
 * at once.
 */
export class Interruption {
  readonly #abort = new AbortController()
  #exitCode: number | undefined
  #isOutputClosed = false

  constructor() {
    for (const [name, code] of Object.entries(EXIT_CODES)) process.on(name, () => this.#onSignal(code))
  }

  /** Aborted by the first signal. */
  get signal(): AbortSignal {
    return this.#abort.signal
  }

  /** What a command ends with that was interrupted before its work was done; undefined while it was not. */
  get exitCode(): number | undefined {
    return this.#exitCode
  }

  /** Whether nothing can be written any more. */
  get isOutputClosed(): boolean {
    return this.#isOutputClosed
  }

  /** The reader of our output has gone, or it cannot be written. */
  outputClosed(): void {
    this.#isOutputClosed = true
    this.#interrupt(CLOSED_OUTPUT)
  }

  #onSignal(code: number): void {
    if (this.#abort.signal.aborted) process.exit(code)
    this.#interrupt(code)
  }

  #interrupt(code: number): void {
    this.#exitCode ??= code
    this.#abort.abort()
  }
}
