import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { type FaultReport, PLACES } from './fault-report'

const BEGIN = '<!-- figures: npm run test:contract:full -- --write -->'
const END = '<!-- end of figures -->'

/** The reports that a run has left; none where it came to no fault. */
export function readReports(file: string): FaultReport[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  return lines.map(line => JSON.parse(line) as FaultReport)
}

/** The reports as a table in Markdown: a line for each fault, a column for each place. The last report of a cell counts. */
export function tableOf(reports: readonly FaultReport[]): string {
  const places = PLACES.filter(place => reports.some(report => report.place === place))
  const faults = new Map<string, FaultReport[]>()
  const ordered = [...reports].sort((a, b) => rank(a) - rank(b) || a.fault.localeCompare(b.fault))
  for (const report of ordered) {
    const title = `${report.row} | ${report.fault}`
    faults.set(title, [...(faults.get(title) ?? []), report])
  }
  const lines = Array.from(faults, ([title, all]) => {
    const cells = places.map(place => cellOf(all.findLast(report => report.place === place)))
    return `| ${title} | ${cells.join(' | ')} |`
  })
  return [`| # | fault | ${places.join(' | ')} |`, `|---|---|${places.map(() => '---|').join('')}`, ...lines].join('\n')
}

/** Puts a table in the place of the one that stands in the page. @throws Error where the page has no such place */
export function writeTable(page: string, table: string): void {
  const text = readFileSync(page, 'utf8')
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)]
  if (begin === -1 || end < begin) throw new Error(`${page} must hold the lines '${BEGIN}' and '${END}'`)
  writeFileSync(page, `${text.slice(0, begin)}${BEGIN}\n\n${table}\n\n${text.slice(end)}`)
}

/** `MESSAGES: LOST / REPEATED; SENDS GO ON / MESSAGES COME`. */
function cellOf(report: FaultReport | undefined): string {
  if (report === undefined) return ''
  const { figures, recovery, also } = report
  const { sendMs, consumeMs } = recovery
  const counts = `${figures.acknowledged.toLocaleString('en')}: ${figures.lost} / ${figures.repeated}`
  const times = sendMs === undefined && consumeMs === undefined ? [] : [`${seconds(sendMs)} / ${seconds(consumeMs)}`]
  return [counts, ...times, ...(also === undefined ? [] : [also])].join('; ')
}

/** Rows of the matrix first. */
function rank({ row }: FaultReport): number {
  return row === 'cluster' ? Number.MAX_SAFE_INTEGER : row
}

function seconds(ms: number | undefined): string {
  if (ms === undefined) return '-'
  return ms < 100 ? '< 0.1 s' : `${(ms / 1000).toFixed(1)} s`
}
