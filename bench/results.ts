import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, release, type } from 'node:os'
import { join } from 'node:path'
import { packageRoot } from '../test/support/package-root'
import { QUIET_CORES } from './machine'

/** One measured round of one driver. */
export interface RoundFigures {
  readonly perSecond: number
  /** Of the driver's process, µs. */
  readonly cpuPerMessage: number
  /** Of the servers, µs; null where it cannot be told. */
  readonly serverCpuPerMessage: number | null
  /** What neither driver nor servers used, in cores; null where it cannot be told. */
  readonly otherCores: number | null
  /** The most that the driver's process has held by then, bytes; null where it cannot be told. */
  readonly peakMemory: number | null
  /** Messages that were answered and not stored: the broker refused them, which a ceiling does not notice. */
  readonly missing: number
  /** What the driver tells of itself: sends made again, messages that came twice. */
  readonly errors: number
  /** From send to listener, or from request to reply, ms, where that is measured. */
  readonly latency: { readonly p50: number; readonly p99: number } | null
}

/** All rounds of the drivers of a run. */
export interface BenchResult {
  readonly kind: 'scenario'
  readonly title: string
  readonly target: string
  readonly messages: number
  readonly rounds: Readonly<Record<string, readonly RoundFigures[]>>
  /** What went wrong with a driver. */
  readonly notes: readonly string[]
  /** Made while something was tried: with profiles, or with fewer messages than a round has. It is not reported. */
  readonly isTrial?: boolean
}

const HEAD = [
  ...['', 'msgs/s', 'spread', 'ours : it', 'CPU µs/msg', 'ours : it', 'server µs/msg', 'p50 ms', 'p99 ms', 'peak MB'],
  'others, cores',
]

/** A line per driver; ratios are medians of the ratios within each round, of this client to the driver of the line. */
export function formatResult({ title, target, messages, rounds, notes }: BenchResult): string {
  const ours = rounds.ours ?? []
  const lines = Object.entries(rounds).map(([name, figures]) => [
    name,
    whole(median(figures.map(each => each.perSecond))),
    `${whole(Math.min(...figures.map(each => each.perSecond)))}-${whole(Math.max(...figures.map(each => each.perSecond)))}`,
    ratio(ours, figures, each => each.perSecond),
    fixed(median(figures.map(each => each.cpuPerMessage)), 2),
    ratio(ours, figures, each => each.cpuPerMessage),
    known(figures, each => each.serverCpuPerMessage, 1),
    known(figures, each => each.latency?.p50 ?? null, 2),
    known(figures, each => each.latency?.p99 ?? null, 2),
    known(figures, each => each.peakMemory && each.peakMemory / 1e6, 0),
    known(figures, each => each.otherCores, 2),
  ])
  const count = Math.max(...Object.values(rounds).map(each => each.length))
  return [
    `${title}, on ${target}: medians of ${count} rounds of ${whole(messages)} messages`,
    ...table([HEAD, ...lines]),
    ...notes,
    ...Object.entries(rounds).flatMap(([name, figures]) => troubles(name, figures)),
    quietness(rounds),
  ].join('\n')
}

/** Writes the figures into `bench/results/` and returns the file. */
export function writeResult(name: string, result: object, at: Date): string {
  const folder = join(packageRoot(), 'bench/results')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${at.toISOString().replaceAll(':', '-')}-${name}.json`)
  const processors = cpus()
  const machine = { os: `${type()} ${release()}`, cpu: processors[0]?.model, cores: processors.length, load: loadavg() }
  writeFileSync(file, `${JSON.stringify({ at, node: process.version, machine, ...result }, null, 2)}\n`)
  return file
}

function quietness(rounds: BenchResult['rounds']): string {
  const others = Object.values(rounds).flatMap(figures => figures.flatMap(each => each.otherCores ?? []))
  const load = `load average ${loadavg()
    .map(each => each.toFixed(1))
    .join(' ')}`
  if (others.length === 0) return `${load}; what else used the machine cannot be told here.`
  const most = `others used ${fixed(median(others), 2)} cores, at most ${fixed(Math.max(...others), 2)}`
  if (Math.max(...others) <= QUIET_CORES) return `${load}; the machine was quiet: ${most}.`
  return `${load}; THE MACHINE WAS NOT QUIET: ${most}. Trust the ratios more than the rates.`
}

/** What has to be known besides of the figures of a driver. */
export function troubles(name: string, figures: readonly RoundFigures[]): string[] {
  const missing = figures.reduce((sum, each) => sum + each.missing, 0)
  const errors = figures.reduce((sum, each) => sum + each.errors, 0)
  return [
    ...(missing === 0 ? [] : [`${name}: ${whole(missing)} messages were sent, but not stored`]),
    ...(errors === 0 ? [] : [`${name}: ${whole(errors)} sends failed, or messages came twice`]),
  ]
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? NaN)) / 2
}

/** Median of the ratios of one driver to another within each round; undefined where they share none. */
export function ratioOf(
  of: readonly RoundFigures[],
  to: readonly RoundFigures[],
  figure: (round: RoundFigures) => number,
): number | undefined {
  const ratios = of.flatMap((each, i) => (to[i] === undefined ? [] : figure(each) / figure(to[i])))
  return ratios.length === 0 ? undefined : median(ratios)
}

function ratio(...given: Parameters<typeof ratioOf>): string {
  return ratioOf(...given)?.toFixed(2) ?? '-'
}

function known(figures: readonly RoundFigures[], of: (round: RoundFigures) => number | null, digits: number): string {
  const values = figures.flatMap(each => of(each) ?? [])
  return values.length === 0 ? '-' : fixed(median(values), digits)
}

const fixed = (value: number, digits: number): string => value.toFixed(digits)
const whole = (value: number): string => Math.round(value).toLocaleString('en')

/** Lines of columns, the first `texts` of which are texts and the others numbers. */
export function table(rows: readonly (readonly string[])[], texts = 1): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)))
  return rows.map(row =>
    row.map((cell, i) => (i < texts ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '),
  )
}
