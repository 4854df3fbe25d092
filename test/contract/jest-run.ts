import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { systemClock } from '../../lib/runtime/clock'
import { packageRoot } from '../support/package-root'
import { killWithParent } from './real/child-reaper'
import type { ContractTarget } from './real/target'

export interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** A test file of which something failed. */
export interface FailedFile extends Counts {
  readonly project: string
  readonly path: string
}

/** What test/support/summary-reporter.js writes. */
export interface Summary extends Counts {
  readonly projects: Readonly<Record<string, Counts>>
  readonly failures: readonly FailedFile[]
}

export interface JestOptions {
  readonly summaryFile: string
  readonly scenario?: string
  readonly full: boolean
  /** Only these test files, of one project. */
  readonly only?: { readonly project: string; readonly paths: readonly string[] }
}

export interface JestRun {
  readonly summary: Summary
  /** What went wrong besides the tests: jest crashed, ran none, or did not end. */
  readonly defect: string | undefined
}

/** The summary of a run that did not come to its tests. */
export const NO_TESTS: Summary = { passed: 0, failed: 0, skipped: 0, projects: {}, failures: [] }
const ENDS_WITHIN_MS = 10_000
const LOOK_EVERY_MS = 500
/** Titles of the tests of a full run: rows of the fault matrix and what only clusters can show. */
const FULL_TESTS = '(fault \\d+|cluster):'

/**
 * Runs jest on the targets and resolves when it has ended. It leads a process group, so that its workers end with it.
 * When a test left something open and jest does not end, it is killed: a run must not hang for ever.
 */
export async function runJest(targets: readonly ContractTarget[], options: JestOptions): Promise<JestRun> {
  const { summaryFile, full } = options
  const patterns = patternsOf(options)
  const names = full ? ['--testNamePattern', FULL_TESTS] : []
  const args = [require.resolve('jest/bin/jest'), '--config', 'jest.contract.config.js', ...patterns, ...names]
  const env = {
    ...process.env,
    ROCKETWIRE_TARGETS: JSON.stringify(targets),
    ROCKETWIRE_SUMMARY: summaryFile,
    ...(full && { ROCKETWIRE_FULL: '1' }),
  }
  const child = spawn(process.execPath, args, {
    cwd: packageRoot(),
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  })
  killWithParent(child, { group: true })
  const life = new AbortController()
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', resolve)
  }).finally(() => life.abort())
  const stuck = await afterSummary(summaryFile, life.signal)
  if (stuck && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  return outcome(summaryFile, await ended, stuck)
}

function patternsOf({ scenario, only }: JestOptions): string[] {
  if (only !== undefined) return ['--selectProjects', only.project, '--runTestsByPath', ...only.paths]
  return scenario === undefined ? [] : ['--testPathPatterns', `test/(?=(contract|scenario)/).*(${scenario})`]
}

/** Resolves with false once the signal is aborted, with true when that is not so 10 s after the summary was written. */
async function afterSummary(file: string, signal: AbortSignal): Promise<boolean> {
  try {
    while (!existsSync(file)) await systemClock.sleep(LOOK_EVERY_MS, signal)
    await systemClock.sleep(ENDS_WITHIN_MS, signal)
    return true
  } catch {
    return false
  }
}

function outcome(file: string, code: number | null, stuck: boolean): JestRun {
  if (!existsSync(file)) return { summary: NO_TESTS, defect: `jest ended with code ${code} before the tests were done` }
  const summary = JSON.parse(readFileSync(file, 'utf8')) as Summary
  if (stuck) return { summary, defect: 'a test left a process, socket or timer open, so jest had to be killed' }
  const unexplained = code !== 0 && summary.failed === 0
  return { summary, defect: unexplained ? `jest ended with code ${code} though no test failed` : undefined }
}
