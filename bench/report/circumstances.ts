import type { Circumstances } from './stored-results'

/** Of a system's version, what follows its first two numbers. */
const PATCH = /(?<=\d\.\d+)\..*$/

/** The machines that results are of, with the versions that ran there and the days on which they did. */
export function circumstancesOf(results: readonly Circumstances[]): string {
  const machines = distinct(
    results.map(({ machine: { cores, cpu, os }, node }) => {
      const core = cores === 1 ? '1 core' : `${cores} cores`
      return `${core}${cpu === undefined ? '' : ` of ${cpu.trim()}`}, ${os.replace(PATCH, '')}, Node.js ${node.replace(/^v/, '')}`
    }),
  )
  const days = results.map(({ at }) => at.slice(0, 10)).sort()
  const [first, last] = [days[0] ?? '', days.at(-1) ?? '']
  return `${machines.join('; ')}; ${first === last ? first : `${first} to ${last}`}`
}

export function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)]
}
