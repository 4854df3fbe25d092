import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { packageRoot } from '../support/package-root'
import { killWithParent } from './real/child-reaper'
import type { ContractTarget } from './real/target'

export interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** What test/support/summary-reporter.js writes. */
export interface Summary extends Counts {
  readonly projects: Readonly<Record<string, Counts>>
}

export interface JestRun {
  readonly code: number | null
  /** Missing when jest ended before it had run the tests. */
  readonly summary: Summary | undefined
}

/** Runs jest on the targets and resolves when it has ended. It leads a process group, so that its workers end with it. */
export function runJest(
  targets: readonly ContractTarget[],
  options: { summaryFile: string; scenario?: string },
): Promise<JestRun> {
  const { summaryFile, scenario } = options
  const patterns = scenario === undefined ? [] : ['--testPathPatterns', `test/(contract|scenario)/.*(${scenario})`]
  const args = [require.resolve('jest/bin/jest'), '--config', 'jest.contract.config.js', ...patterns]
  const env = { ...process.env, ROCKETWIRE_TARGETS: JSON.stringify(targets), ROCKETWIRE_SUMMARY: summaryFile }
  const stdio = ['ignore', 'inherit', 'inherit'] as const
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: packageRoot(), env, stdio: [...stdio], detached: true })
    killWithParent(child, { group: true })
    child.once('error', reject)
    child.once('exit', code => resolve({ code, summary: readSummary(summaryFile) }))
  })
}

function readSummary(file: string): Summary | undefined {
  if (!existsSync(file)) return undefined
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  return JSON.parse(lines.at(-1) ?? '') as Summary
}
