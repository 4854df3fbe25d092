import { spawn, type ChildProcess } from 'node:child_process'
import { systemClock } from '../../../lib/runtime/clock'
import { killWithParent } from '../real/child-reaper'

const USABLE_WITHIN_MS = 60_000
const TRY_EVERY_MS = 25
const STOP_WITHIN_MS = 5000
const CHARACTERS_KEPT = 4000

interface ProcessOptions {
  readonly env?: NodeJS.ProcessEnv
  readonly uid?: number
  readonly gid?: number
  /** Resolves where the server answers. */
  readonly probe: () => Promise<void>
}

/** A server process of the tests. It is killed when this process ends before it. */
export class StoreProcess {
  readonly #child: ChildProcess
  readonly #ended: Promise<string>
  #output = ''

  private constructor(program: string, args: readonly string[], { env, uid, gid }: ProcessOptions) {
    const child = spawn(program, args, {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      ...(uid !== undefined && { uid }),
      ...(gid !== undefined && { gid }),
    })
    killWithParent(child)
    this.#child = child
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (this.#output = (this.#output + chunk.toString()).slice(-CHARACTERS_KEPT)))
    }
    this.#ended = new Promise(resolve => {
      child.once('error', error => resolve(`could not be started: ${error.message}`))
      child.once('close', (code, signal) => resolve(`ended with ${signal ?? `code ${code}`}`))
    })
  }

  /** Resolves once the probe succeeds; rejects when the process ends before, or after a minute. */
  static async start(program: string, args: readonly string[], options: ProcessOptions): Promise<StoreProcess> {
    const server = new StoreProcess(program, args, options)
    const life = new AbortController()
    void server.#ended.then(how => life.abort(new Error(how)))
    try {
      await untilUsable(options.probe, life.signal)
      return server
    } catch (cause) {
      await server.stop()
      throw new Error(`${program}: ${String(cause)}\n${server.#output}`, { cause })
    }
  }

  /** Interrupts it, and kills it when it has not ended within 5 s. */
  async stop(): Promise<void> {
    const timer = systemClock.after(STOP_WITHIN_MS, () => this.#child.kill('SIGKILL'))
    this.#child.kill('SIGINT')
    await this.#ended
    timer.cancel()
  }
}

async function untilUsable(probe: () => Promise<void>, signal: AbortSignal): Promise<void> {
  const deadline = systemClock.monotonic() + USABLE_WITHIN_MS
  for (;;) {
    try {
      await probe()
      return
    } catch (error) {
      if (systemClock.monotonic() > deadline) throw error
      await systemClock.sleep(TRY_EVERY_MS, signal)
    }
  }
}
