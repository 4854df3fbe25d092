import { spawn } from 'node:child_process'
import { systemClock } from '../../../lib/runtime/clock'
import { killWithParent } from './child-reaper'

/** How a command ended; `code` is null when a signal ended it. */
export interface CommandResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface CommandOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  /** The user to run as, where root does not do. */
  readonly uid?: number
  readonly gid?: number
  /** After this long the command is killed and the call rejects. Default 60,000. */
  readonly timeoutMs?: number
  /** Said when the program is not installed: what to install, or how to do without. */
  readonly cure?: string
}

/**
 * Runs a program to its end. Rejects when it cannot be started or is not done in time; an exit code other than 0 is
 * the caller's to judge.
 */
export function runCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const { cwd, env = process.env, uid, gid, timeoutMs = 60_000, cure = '' } = options
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, uid, gid, stdio: ['ignore', 'pipe', 'pipe'] })
    killWithParent(child)
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []]
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    let late = false
    const timer = systemClock.after(timeoutMs, () => {
      late = true
      child.kill('SIGKILL')
    })
    child.once('error', (error: NodeJS.ErrnoException) => {
      timer.cancel()
      reject(error.code === 'ENOENT' ? notInstalled(program, cure, error) : error)
    })
    child.once('close', code => {
      timer.cancel()
      const result = { code, stdout: text(stdout), stderr: text(stderr) }
      if (late)
        reject(new Error(`${commandLine(program, args)} was not done within ${timeoutMs} ms\n${outputOf(result)}`))
      else resolve(result)
    })
  })
}

/** As `runCommand`, and rejects with what the program printed when it exits with another code than 0. */
export async function mustRun(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const result = await runCommand(program, args, options)
  if (result.code === 0) return result
  throw new Error(`${commandLine(program, args)} ended with code ${result.code}\n${outputOf(result)}`)
}

function notInstalled(program: string, cure: string, cause: Error): Error {
  return new Error(`${program} is not installed or not on the PATH. ${cure}`.trimEnd(), { cause })
}

function commandLine(program: string, args: readonly string[]): string {
  const line = [program, ...args].join(' ')
  return line.length > 300 ? `${line.slice(0, 300)}...` : line
}

function outputOf(result: CommandResult): string {
  return [result.stdout, result.stderr].join('\n').trim().split('\n').slice(-60).join('\n')
}

function text(chunks: Buffer[]): string {
  return Buffer.concat(chunks).toString('utf8')
}
