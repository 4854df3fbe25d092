import { join, relative } from 'node:path'
import { packageRoot } from '../support/package-root'
import { type Counts, type FailedFile, type JestRun, runJest, type Summary } from './jest-run'
import type { ContractTarget } from './real/target'

/** More than that is no chance. */
const MAX_FILES = 4

export interface SecondTryOptions {
  readonly runFolder: string
  readonly say: (line: string) => unknown
}

/**
 * Runs the few test files that failed once more, with nothing beside them, and tells of those that pass then. Real servers
 * have races of their own, and much to do beside the tests: what fails by those does not fail twice, as a defect does.
 */
export async function secondTry(
  targets: readonly ContractTarget[],
  first: JestRun,
  { runFolder, say }: SecondTryOptions,
): Promise<JestRun> {
  const { failures } = first.summary
  if (first.defect !== undefined || failures.length === 0 || failures.length > MAX_FILES) return first
  let { summary } = first
  for (const project of new Set(failures.map(file => file.project))) {
    const files = failures.filter(file => file.project === project)
    const names = files.map(({ path }) => relative(packageRoot(), path)).join(', ')
    say(`\nonce more, alone, on ${project}: ${names}\n`)
    const only = { project, paths: files.map(({ path }) => path) }
    const summaryFile = join(runFolder, `again-${project}.json`)
    const again = await runJest(targets, { full: false, only, summaryFile })
    if (again.defect !== undefined) return { summary, defect: again.defect }
    summary = replaced(summary, { project, files, again: again.summary })
    if (again.summary.failed === 0) say(`\npassed at the second try only, on ${project}: ${names}`)
  }
  return { summary, defect: undefined }
}

interface Replacement {
  readonly project: string
  readonly files: readonly FailedFile[]
  readonly again: Summary
}

/** The counts of the second try stand in the place of those that the files had at the first. */
function replaced(summary: Summary, { project, files, again }: Replacement): Summary {
  const renewed = (counts: Counts): Counts => {
    const of = (key: keyof Counts): number => counts[key] - files.reduce((sum, file) => sum + file[key], 0) + again[key]
    return { passed: of('passed'), failed: of('failed'), skipped: of('skipped') }
  }
  const counts = summary.projects[project]
  const projects = { ...summary.projects, ...(counts && { [project]: renewed(counts) }) }
  const failures = [...summary.failures.filter(file => !files.includes(file)), ...again.failures]
  return { ...renewed(summary), projects, failures }
}
