import { freePort } from './free-ports'
import type { JavaCommand } from './java-command'
import { JavaProcess, JavaStartError } from './java-process'

const PORT_TRIES = 5

/** What a server needs to be started, and started again on the same port with the same files. */
export interface ServerPlan {
  /** For messages. */
  readonly title: string
  /** Ports it takes besides its main one, as distances from it. */
  readonly portOffsets: readonly number[]
  /** Writes the configuration for a port and returns the command. */
  readonly prepare: (port: number) => Promise<JavaCommand>
  /** Resolves once clients can use it; rejects when it takes too long or the signal is aborted. */
  readonly usable: (address: string, signal: AbortSignal) => Promise<void>
}

/** A NameServer or broker that tests may stop, kill and restart. */
export class RealServer {
  readonly address: string
  readonly #plan: ServerPlan
  readonly #command: JavaCommand
  #process: JavaProcess

  private constructor(plan: ServerPlan, port: number, started: { command: JavaCommand; process: JavaProcess }) {
    this.#plan = plan
    this.address = addressOf(port)
    this.#command = started.command
    this.#process = started.process
  }

  /** Starts it on free ports, on others when somebody else takes one of them meanwhile. */
  static async start(plan: ServerPlan): Promise<RealServer> {
    for (let attempt = 1; ; attempt++) {
      const port = await freePort(plan.portOffsets)
      const command = await plan.prepare(port)
      try {
        const process = await JavaProcess.start(`${plan.title} at ${addressOf(port)}`, command)
        const server = new RealServer(plan, port, { command, process })
        await server.#untilUsable()
        return server
      } catch (error) {
        if (attempt === PORT_TRIES || !isPortTaken(error)) throw error
      }
    }
  }

  get pid(): number | undefined {
    return this.#process.pid
  }

  /** How it ended, where nobody had asked it to. */
  get crash(): string | undefined {
    return this.#process.crash
  }

  /** Shuts it down in order, which takes a broker of 4.9 about 6 s and one of 5.x about 12 s. */
  stop(): Promise<void> {
    return this.#process.stop()
  }

  /** Ends it like a crash. */
  kill(): Promise<void> {
    return this.#process.kill()
  }

  /** Starts it again, after a stop in order if it still runs: same port, same files. Resolves when it is usable. */
  async restart(): Promise<void> {
    await this.stop()
    this.#process = await JavaProcess.start(this.#process.name, this.#command)
    await this.#untilUsable()
  }

  async #untilUsable(): Promise<void> {
    const life = new AbortController()
    void this.#process.ended.then(how => life.abort(new Error(how)))
    try {
      await this.#plan.usable(this.address, life.signal)
    } catch (error) {
      await this.kill()
      throw new JavaStartError(`${this.#process.name} is up but not usable: ${String(error)}`, this.#process.output())
    }
  }
}

function addressOf(port: number): string {
  return `127.0.0.1:${port}`
}

function isPortTaken(error: unknown): boolean {
  return error instanceof JavaStartError && /BindException|already in use/.test(error.output)
}
