import { circumstancesOf } from './circumstances'
import { markdownTable } from './page'
import type { StoredStartup } from './stored-results'

const HEAD = ['', 'wall, ms', 'least, ms', 'processor, ms', 'counted, ms', 'limit, ms']
const MIB = 2 ** 20

/** Text of the page about how long processes take to load the package, and how large it is. */
export function startupSection(result: StoredStartup): string {
  const rows = result.rows.map(({ name, wallMs, leastMs, cpuMs, measuredMs, target }) => [
    `\`${name}\``,
    ...[wallMs, leastMs, cpuMs].map(ms => ms.toFixed(0)),
    ...(target === undefined ? ['', ''] : [measuredMs.toFixed(0), String(target)]),
  ])
  const needed = Object.entries(result.dependencyBytes)
  const all = needed.reduce((sum, [, bytes]) => sum + bytes, result.ownBytes)
  const names = needed.map(([name]) => `\`${name}\``).join(', ')
  const size = `Installed: ${mib(result.ownBytes)} MiB; ${mib(all)} MiB with ${names}.`
  const caption = `${circumstancesOf([result])}; medians of ${result.rounds}.`
  return `${caption}\n\n${markdownTable([HEAD, ...rows], 1)}\n\n${size}`
}

function mib(bytes: number): string {
  return (bytes / MIB).toFixed(2)
}
