import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../lib/runtime/clock'
import { runJest, type JestRun } from './jest-run'
import { killHeldChildren } from './real/child-reaper'
import { openTargets, type OpenTarget } from './real/open-targets'
import { removeRunFolder } from './real/run-folder'
import { readRunOptions, USAGE, type RunOptions } from './run-options'

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

/** Runs the contract tests; the exit code is 0 when all passed, 1 when not, 2 on wrong use, 128 + n after a signal. */
async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) return say(USAGE, 0)
  let options: RunOptions
  try {
    options = readRunOptions(args)
  } catch (error) {
    return say(`${messageOf(error)}\n\n${USAGE}`, 2)
  }
  const interrupted = new AbortController()
  for (const [signal, code] of Object.entries(EXIT_CODES)) {
    process.on(signal, () => {
      interrupted.abort(code)
      killHeldChildren()
    })
  }
  const code = await run(options, interrupted.signal)
  return interrupted.signal.aborted ? say('contract: interrupted', Number(interrupted.signal.reason)) : code
}

async function run(options: RunOptions, signal: AbortSignal): Promise<number> {
  const runFolder = await mkdtemp(join(tmpdir(), 'rocketwire-contract-'))
  process.env.ROCKETWIRE_RUN_FOLDER = runFolder
  const summaryFile = process.env.ROCKETWIRE_SUMMARY ?? join(runFolder, 'summary.jsonl')
  let targets: OpenTarget[] = []
  let failed = true
  try {
    targets = await openAll(options, signal)
    const result = await runJest(targets, { ...options, summaryFile })
    failed = result.code !== 0
    if (!signal.aborted) report(result)
  } catch (error) {
    if (!signal.aborted) say(`${messageOf(error)}\ncontract: 0 passed, 1 failed`)
  } finally {
    const keepFiles = failed && !signal.aborted
    await Promise.all(targets.map(target => target.stop({ keepFiles })))
    if (keepFiles) console.error(`Stores and logs are kept in ${runFolder}`)
    else await removeRunFolder(runFolder)
  }
  return failed ? 1 : 0
}

async function openAll({ versions }: RunOptions, signal: AbortSignal): Promise<OpenTarget[]> {
  const before = systemClock.monotonic()
  const targets = await openTargets(versions, { say, signal })
  signal.throwIfAborted()
  const seconds = ((systemClock.monotonic() - before) / 1000).toFixed(1)
  for (const { version, namesrvAddr, origin } of targets) say(`RocketMQ ${version} at ${namesrvAddr} (${origin})`)
  say(`ready after ${seconds} s\n`)
  return targets
}

function report({ code, summary }: JestRun): void {
  if (summary === undefined) {
    say(`jest ended with code ${code} before the tests were done\ncontract: 0 passed, 1 failed`)
    return
  }
  for (const [version, counts] of Object.entries(summary.projects)) {
    say(`${version}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
  }
  say(`contract: ${summary.passed} passed, ${summary.failed} failed`)
}

function say(line: string, code = 0): number {
  console.log(line)
  return code
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

void main(process.argv.slice(2)).then(
  code => process.exit(code),
  (error: unknown) => {
    console.error(error)
    process.exit(1)
  },
)
