import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { killWithParent } from '../contract/real/child-reaper'
import { packageRoot } from './package-root'

const CLI = join(packageRoot(), 'dist', 'cli.js')

// Five seconds, the default, are little for tests that start several processes on a busy machine.
jest.setTimeout(30_000)

interface CliOptions {
  /** Added to an environment without NAMESRV_ADDR. */
  readonly env?: Readonly<Record<string, string>>
  /** All of standard input; without it standard input stays open until `endInput`. */
  readonly input?: string | Buffer
  /** A file that standard output is written to, instead of `lines`. */
  readonly output?: string
}

interface CliResult {
  readonly code: number | null
  readonly lines: readonly string[]
  readonly errors: string
}

/** A running command of the built command line. */
export class CliProcess {
  readonly lines: string[] = []
  readonly ended: Promise<CliResult>
  readonly #child: ChildProcess
  #errors = ''
  #onOutput: () => void = () => undefined

  constructor(args: readonly string[], { env = {}, input, output }: CliOptions = {}) {
    const file = output === undefined ? undefined : openSync(output, 'w')
    const child = spawn(process.execPath, [CLI, ...args], {
      env: { ...process.env, NAMESRV_ADDR: undefined, ...env },
      stdio: ['pipe', file ?? 'pipe', 'pipe'],
    })
    if (file !== undefined) closeSync(file)
    killWithParent(child)
    this.#child = child
    // A command may end without reading what it is given.
    child.stdin?.on('error', () => undefined)
    if (input !== undefined) child.stdin?.end(input)
    child.stderr?.setEncoding('utf8').on('data', text => {
      this.#errors += text
      this.#onOutput()
    })
    if (child.stdout !== null)
      createInterface(child.stdout).on('line', line => {
        this.lines.push(line)
        this.#onOutput()
      })
    this.ended = once(child, 'close').then(([code]) => {
      this.#onOutput()
      return { code: code as number | null, lines: this.lines, errors: this.#errors }
    })
  }

  /** Resolves when a line of standard output matches; rejects when the command ends without one. */
  line(pattern: RegExp): Promise<string> {
    return this.#found(pattern, () => this.lines)
  }

  /** The same for standard error. */
  error(pattern: RegExp): Promise<string> {
    return this.#found(pattern, () => this.#errors.split('\n'))
  }

  write(text: string): void {
    this.#child.stdin?.write(text)
  }

  endInput(): void {
    this.#child.stdin?.end()
  }

  /** Nobody reads its output any more. */
  closeOutput(): void {
    this.#child.stdout?.destroy()
  }

  signal(name: 'SIGINT' | 'SIGTERM'): void {
    this.#child.kill(name)
  }

  async #found(pattern: RegExp, lines: () => readonly string[]): Promise<string> {
    for (;;) {
      const found = lines().find(line => pattern.test(line))
      if (found !== undefined) return found
      if (this.#child.exitCode !== null) throw new Error(`no ${pattern} in: ${this.lines.join('\n')}${this.#errors}`)
      await new Promise<void>(resolve => (this.#onOutput = resolve))
    }
  }
}

/** Runs a command to its end. */
export function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  return new CliProcess(args, { input: '', ...options }).ended
}

/** JSON lines: all but the last, which is the summary, and the summary. */
export function jsonLines(lines: readonly string[]): {
  readonly items: readonly Record<string, unknown>[]
  readonly summary: Record<string, unknown>
} {
  const parsed = lines.map(line => JSON.parse(line) as Record<string, unknown>)
  return { items: parsed.slice(0, -1), summary: parsed.at(-1) ?? {} }
}
