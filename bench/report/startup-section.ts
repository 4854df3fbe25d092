import { allBytes, mib } from '../startup/package-size'
import { circumstancesOf } from './circumstances'
import { markdownTable } from './page'
import type { StoredStartup } from './stored-results'

const HEAD = ['', 'wall, ms', 'least, ms', 'processor, ms', 'counted, ms', 'limit, ms']

/** Text of the page about how long processes take to load the package, and how large it is. */
export function startupSection(result: StoredStartup): string {
  const rows = result.rows.map(({ name, wallMs, leastMs, cpuMs, measuredMs, target }) => [
    `\`${name}\``,
    ...[wallMs, leastMs, cpuMs, measuredMs].map(ms => ms.toFixed(0)),
    target === undefined ? '' : String(target),
  ])
  const names = Object.keys(result.dependencyBytes).map(name => `\`${name}\``)
  const size = `Installed: ${mib(result.ownBytes)} MiB; ${mib(allBytes(result))} MiB with ${names.join(', ')}.`
  const caption = `${circumstancesOf([result])}; medians of ${result.rounds}. ${result.others ?? ''}`.trim()
  return `${caption}\n\n${markdownTable([HEAD, ...rows], 1)}\n\n${size}`
}
