import { circumstancesOf } from './circumstances'
import { markdownTable } from './page'
import type { StoredLoop } from './stored-results'

const HEAD = ['', 'longest block, ms', 'worst, ms', 'p99, ms', 'idle before: longest, ms', 'p99, ms']

/** Text of the page about how long the event loop is blocked. */
export function loopSection(result: StoredLoop): string {
  const rows = result.rows.map(({ name, longestMs, worstMs, p99Ms, idle }) => [
    name,
    ...[longestMs, worstMs, p99Ms, idle.longestMs, idle.p99Ms].map(ms => ms.toFixed(1)),
  ])
  const caption = `${circumstancesOf([result])}; medians of ${result.rounds} rounds. ${result.others ?? ''}`.trim()
  return `${caption}\n\n${markdownTable([HEAD, ...rows], 1)}`
}
