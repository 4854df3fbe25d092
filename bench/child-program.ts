import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { packageRoot } from '../test/support/package-root'
import { systemClock } from '../lib/runtime/clock'
import type { Report } from './drivers/program'

const ANSWER_WITHIN_MS = 120_000

interface StartOptions {
  /** Ends the program. */
  readonly signal: AbortSignal
  readonly nodeOptions?: readonly string[]
}

/** A program of the benchmark in a process of its own, which ends with this one. */
export class ChildProgram {
  readonly #child: ChildProcess
  readonly #name: string

  private constructor(name: string, child: ChildProcess) {
    this.#name = name
    this.#child = child
  }

  /** Starts `bench/drivers/NAME.ts` and resolves with what it tells first. */
  static async start<T>(
    name: string,
    setup: unknown,
    { signal, nodeOptions = [] }: StartOptions,
  ): Promise<{ program: ChildProgram; told: T }> {
    const root = packageRoot()
    const script = [join(root, 'scripts/ts.mjs'), join(root, 'bench/drivers', `${name}.ts`)]
    const child = spawn(process.execPath, [...nodeOptions, ...script, JSON.stringify(setup)], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      signal,
    })
    child.on('error', () => undefined)
    const program = new ChildProgram(name, child)
    return { program, told: await program.#next<T>() }
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** Asks for something and resolves with the answer; rejects where the program fails, ends, or says nothing for 2 minutes. */
  async ask<T>(asked: number): Promise<T> {
    const late = systemClock.after(ANSWER_WITHIN_MS, () => this.#child.kill())
    try {
      const answer = this.#next<T>()
      this.#child.send(asked)
      return await answer
    } finally {
      late.cancel()
    }
  }

  async stop(): Promise<void> {
    if (!this.#child.connected) return
    const ended = new Promise(resolve => this.#child.once('exit', resolve))
    this.#child.disconnect()
    await ended
  }

  #next<T>(): Promise<T> {
    return new Promise((resolve, reject) => {
      const onExit = (code: number | null, signal: string | null): void =>
        reject(new Error(`${this.#name} ended with ${signal ?? `code ${code}`} before it answered`))
      this.#child.once('exit', onExit)
      this.#child.once('error', reject)
      this.#child.once('message', (report: Report<T>) => {
        this.#child.off('exit', onExit)
        this.#child.off('error', reject)
        if ('failed' in report) reject(new Error(`${this.#name} failed: ${report.failed}`))
        else resolve(report.told)
      })
    })
  }
}
