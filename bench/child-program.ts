import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { packageRoot } from '../test/support/package-root'
import { systemClock } from '../lib/runtime/clock'
import type { Report } from './drivers/program'
import { REPORT_MARK } from './report-mark'

const ANSWER_WITHIN_MS = 120_000
const ENDS_WITHIN_MS = 10_000

/** How a program of the benchmark is started, in whatever language it is written. */
export interface ProgramCommand {
  readonly name: string
  readonly file: string
  readonly args: readonly string[]
}

/** The command of `bench/drivers/NAME.ts`. */
export function nodeProgram(name: string, nodeOptions: readonly string[] = []): ProgramCommand {
  const root = packageRoot()
  const args = [...nodeOptions, join(root, 'scripts/ts.mjs'), join(root, 'bench/drivers', `${name}.ts`)]
  return { name, file: process.execPath, args }
}

/** Options of Node.js that have a program write a CPU profile into the folder; none where there is no folder. */
export function profileOptions(folder: string | undefined): string[] {
  return folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${resolve(folder)}`]
}

/**
 * A program of the benchmark in a process of its own, which ends with this one. It gets its setup as JSON in the last
 * argument, reads what it is asked as a line of JSON each, writes an answer for each as a line, and ends with its input.
 */
export class ChildProgram {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>
  readonly #name: string
  readonly #waiting: { resolve: (told: unknown) => void; reject: (error: Error) => void }[] = []
  #ended: Error | undefined

  private constructor({ name, file, args }: ProgramCommand, setup: unknown, signal: AbortSignal) {
    this.#name = name
    this.#child = spawn(file, [...args, JSON.stringify(setup)], { stdio: ['pipe', 'pipe', 'inherit'], signal })
    this.#child.on('error', error => this.#end(error))
    this.#child.on('exit', (code, by) => this.#end(new Error(`${name} ended with ${by ?? `code ${code}`}`)))
    this.#child.stdin.on('error', () => undefined)
    createInterface(this.#child.stdout).on('line', line => this.#read(line))
  }

  /** Starts a program and resolves with what it tells first. */
  static async start<T>(
    command: ProgramCommand,
    setup: unknown,
    signal: AbortSignal,
  ): Promise<{ program: ChildProgram; told: T }> {
    const program = new ChildProgram(command, setup, signal)
    return { program, told: await program.#next<T>() }
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** Asks for something and resolves with the answer; rejects where the program fails, ends, or says nothing for 2 minutes. */
  async ask<T>(asked: unknown): Promise<T> {
    this.#child.stdin.write(`${JSON.stringify(asked)}\n`)
    return this.#next<T>()
  }

  async stop(): Promise<void> {
    if (this.#ended !== undefined) return
    const ended = new Promise(resolve => this.#child.once('exit', resolve))
    const late = systemClock.after(ENDS_WITHIN_MS, () => this.#child.kill('SIGKILL'))
    this.#child.stdin.end()
    await ended
    late.cancel()
  }

  async #next<T>(): Promise<T> {
    if (this.#ended !== undefined) throw this.#ended
    const late = systemClock.after(ANSWER_WITHIN_MS, () => this.#child.kill('SIGKILL'))
    try {
      return await new Promise<T>((resolve, reject) => {
        this.#waiting.push({ resolve: told => resolve(told as T), reject })
      })
    } finally {
      late.cancel()
    }
  }

  #read(line: string): void {
    if (!line.startsWith(REPORT_MARK)) return console.error(`${this.#name}: ${line}`)
    const report = JSON.parse(line.slice(REPORT_MARK.length)) as Report<unknown>
    const waiting = this.#waiting.shift()
    if ('failed' in report) waiting?.reject(new Error(`${this.#name} failed: ${report.failed}`))
    else waiting?.resolve(report.told)
  }

  #end(error: Error): void {
    this.#ended ??= error
    for (const { reject } of this.#waiting.splice(0)) reject(this.#ended)
  }
}
