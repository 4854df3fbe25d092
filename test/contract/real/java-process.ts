import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { systemClock } from '../../../lib/runtime/clock'
import { killWithParent } from './child-reaper'
import { JAVA_CURE, javaArguments, jdkTool, type JavaCommand } from './java-command'

/** What name servers and brokers print when they are up, and what proxies do. */
const READY_TEXTS = ['boot success', 'rocketmq-proxy startup successfully']
const READY_WITHIN_MS = 60_000
const STOP_WITHIN_MS = 20_000
const LINES_KEPT = 200

/** A server that could not be started; `output` is what it printed last. */
export class JavaStartError extends Error {
  constructor(
    message: string,
    readonly output: string,
  ) {
    super(`${message}; its last output:\n${output}`)
  }
}

/** One RocketMQ server process. It is killed when this process ends before it. */
export class JavaProcess {
  readonly pid: number | undefined
  /** Resolves with a few words on how it ended. Never rejects. */
  readonly ended: Promise<string>
  /** How it ended, where nobody had asked it to. */
  crash: string | undefined
  readonly #child: ChildProcess
  readonly #lines: string[] = []
  readonly #ready: Promise<void>
  #mayEnd = false

  private constructor(
    readonly name: string,
    command: JavaCommand,
  ) {
    const child = spawn(jdkTool('java'), javaArguments(command), {
      cwd: command.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    killWithParent(child)
    this.#child = child
    this.pid = child.pid
    this.#ready = new Promise(resolve => {
      for (const stream of [child.stdout, child.stderr]) this.#readLines(stream, resolve)
    })
    this.ended = new Promise(resolve => {
      child.once('error', error => resolve(`could not be started: ${error.message}. ${JAVA_CURE}`))
      child.once('close', (code, signal) => {
        const how = `ended with ${signal ?? `code ${code}`}`
        if (!this.#mayEnd) this.crash = `${name} ${how}; its last output:\n${this.output()}`
        resolve(how)
      })
    })
  }

  /** Resolves once the server says that it is up; rejects with a `JavaStartError` when it ends before or is late. */
  static async start(name: string, command: JavaCommand): Promise<JavaProcess> {
    const server = new JavaProcess(name, command)
    const failure = await new Promise<string | undefined>(resolve => {
      const late = `did not say '${READY_TEXTS.join("' or '")}' within ${READY_WITHIN_MS} ms`
      const timer = systemClock.after(READY_WITHIN_MS, () => resolve(late))
      void Promise.race([server.#ready, server.ended]).then(how => {
        timer.cancel()
        resolve(how ?? undefined)
      })
    })
    if (failure === undefined) return server
    await server.kill()
    throw new JavaStartError(`${name} ${failure}`, server.output())
  }

  /** The last lines it printed. */
  output(): string {
    return this.#lines.join('\n')
  }

  /** Lets it shut down as an operator would; kills it when it is not done within 20 s. */
  async stop(): Promise<void> {
    const timer = systemClock.after(STOP_WITHIN_MS, () => this.#child.kill('SIGKILL'))
    this.#mayEnd = true
    this.#child.kill('SIGTERM')
    await this.ended
    timer.cancel()
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<void> {
    this.#mayEnd = true
    this.#child.kill('SIGKILL')
    await this.ended
  }

  #readLines(stream: Readable, onReady: () => void): void {
    createInterface({ input: stream }).on('line', line => {
      this.#lines.push(line)
      if (this.#lines.length > LINES_KEPT) this.#lines.shift()
      if (READY_TEXTS.some(text => line.includes(text))) onReady()
    })
  }
}
