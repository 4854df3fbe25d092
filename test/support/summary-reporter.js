const { appendFileSync } = require('node:fs')

/**
 * Appends one line of JSON to the file named by ROCKETWIRE_SUMMARY when a jest run is over:
 * { passed, failed, skipped, projects: { NAME: { passed, failed, skipped } }, failures: [{ project, path, passed, failed,
 * skipped }] }, the last of which are the test files of which something failed.
 * A test file that could not run at all counts as one failed test.
 */
module.exports = class SummaryReporter {
  #projects = {}
  #failures = []

  onTestResult(test, result) {
    const name = test.context.config.displayName?.name ?? ''
    const counts = (this.#projects[name] ??= { passed: 0, failed: 0, skipped: 0 })
    const couldNotRun = result.numFailingTests === 0 && Boolean(result.failureMessage || result.testExecError)
    const passed = result.numPassingTests
    const failed = result.numFailingTests + (couldNotRun ? 1 : 0)
    const skipped = result.numPendingTests + result.numTodoTests
    counts.passed += passed
    counts.failed += failed
    counts.skipped += skipped
    if (failed > 0) this.#failures.push({ project: name, path: test.path, passed, failed, skipped })
  }

  onRunComplete() {
    const file = process.env.ROCKETWIRE_SUMMARY
    if (!file) return
    const sum = key => Object.values(this.#projects).reduce((total, counts) => total + counts[key], 0)
    const totals = { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') }
    const summary = { ...totals, projects: this.#projects, failures: this.#failures }
    appendFileSync(file, `${JSON.stringify(summary)}\n`)
  }
}
