const { appendFileSync } = require('node:fs')

/**
 * Appends one line of JSON to the file named by ROCKETWIRE_SUMMARY when a jest run is over:
 * { passed, failed, skipped, projects: { NAME: { passed, failed, skipped } } }.
 * A test file that could not run at all counts as one failed test.
 */
module.exports = class SummaryReporter {
  #projects = {}

  onTestResult(test, result) {
    const name = test.context.config.displayName?.name ?? ''
    const counts = (this.#projects[name] ??= { passed: 0, failed: 0, skipped: 0 })
    const couldNotRun = result.numFailingTests === 0 && Boolean(result.failureMessage || result.testExecError)
    counts.passed += result.numPassingTests
    counts.failed += result.numFailingTests + (couldNotRun ? 1 : 0)
    counts.skipped += result.numPendingTests + result.numTodoTests
  }

  onRunComplete() {
    const file = process.env.ROCKETWIRE_SUMMARY
    if (!file) return
    const sum = key => Object.values(this.#projects).reduce((total, counts) => total + counts[key], 0)
    const summary = { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped'), projects: this.#projects }
    appendFileSync(file, `${JSON.stringify(summary)}\n`)
  }
}
