import { appendFileSync } from 'node:fs'
import { mkdtemp, readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../lib/runtime/clock'
import { packageRoot } from '../support/package-root'
import { readReports, tableOf, writeTable } from '../support/fault-table'
import { NO_TESTS, runJest, type JestRun } from './jest-run'
import { killHeldChildren } from './real/child-reaper'
import { openTargets, type OpenTarget } from './real/open-targets'
import { removeRunFolder } from './real/run-folder'
import { secondTry } from './second-try'
import { readRunOptions, USAGE, type RunOptions } from './run-options'
import { openStores, wantsStores } from './stores/store-servers'

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const
const SUMMARY_FILE = 'summary.json'
const JSON_FILE = /\.jsonl?$/
const FIGURES_FILE = 'figures.jsonl'

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
  const figuresFile = (process.env.ROCKETWIRE_FIGURES ??= join(runFolder, FIGURES_FILE))
  let targets: OpenTarget[] = []
  // Beside the clusters, which take longer, so that they cost no time.
  const stores = !options.full && wantsStores(options.scenario) ? openStores(say) : undefined
  let result: JestRun
  try {
    targets = await openAll(options, signal)
    if (stores !== undefined) process.env.ROCKETWIRE_STORES = JSON.stringify((await stores).places)
    signal.throwIfAborted()
    result = await runJest(targets, { ...options, summaryFile: join(runFolder, SUMMARY_FILE) })
    // What a full run measures is not measured twice.
    if (!options.full && !signal.aborted) result = await secondTry(targets, result, { runFolder, say })
  } catch (error) {
    result = { summary: NO_TESTS, defect: messageOf(error) }
  }
  for (const crash of signal.aborted ? [] : targets.flatMap(target => target.crashes()))
    say(`a server crashed: ${crash}`)
  tellFigures(figuresFile, options)
  const keepFiles = failuresOf(result) > 0 && !signal.aborted
  await Promise.all([stores?.then(servers => servers.stop()), ...targets.map(target => target.stop({ keepFiles }))])
  if (keepFiles && (await hasServerFiles(runFolder))) say(`stores and logs are kept in ${runFolder}`)
  else await removeRunFolder(runFolder)
  return signal.aborted ? 1 : report(result)
}

async function openAll({ versions }: RunOptions, signal: AbortSignal): Promise<OpenTarget[]> {
  const before = systemClock.monotonic()
  const targets = await openTargets(versions, { say, signal })
  const seconds = ((systemClock.monotonic() - before) / 1000).toFixed(1)
  for (const { version, namesrvAddr, origin } of targets) say(`RocketMQ ${version} at ${namesrvAddr} (${origin})`)
  say(`ready after ${seconds} s\n`)
  return targets
}

async function hasServerFiles(folder: string): Promise<boolean> {
  return (await readdir(folder)).some(name => !JSON_FILE.test(name))
}

/** Prints what the faults have come to: messages: lost / repeated; until sends / messages go on. */
function tellFigures(file: string, { write }: RunOptions): void {
  const reports = readReports(file)
  if (reports.length === 0) return
  const table = tableOf(reports)
  say(`\n${table}\n`)
  if (write) writeTable(join(packageRoot(), 'docs', 'reliability.md'), table)
}

function failuresOf({ summary, defect }: JestRun): number {
  return summary.failed + (defect === undefined ? 0 : 1)
}

/** Prints the counts, hands them on to whoever sums several runs, and returns the exit code. */
function report(result: JestRun): number {
  const { summary, defect } = result
  const failed = failuresOf(result)
  for (const [version, counts] of Object.entries(summary.projects)) {
    say(`${version}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
  }
  if (defect !== undefined) say(defect)
  const file = process.env.ROCKETWIRE_SUMMARY
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ ...summary, failed })}\n`)
  say(`contract: ${summary.passed} passed, ${failed} failed`)
  return failed > 0 ? 1 : 0
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
