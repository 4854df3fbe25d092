import { QUIET_CORES } from '../machine'
import { type RoundFigures, median, ratioOf, troubles } from '../results'
import { SCENARIOS, type Scenario } from '../scenarios'
import { circumstancesOf, distinct } from './circumstances'
import { digits, whole } from './numbers'
import { markdownTable } from './page'
import type { StoredScenario } from './stored-results'
import type { Bar, BarPanel } from './svg/bar-panel'

/** What readers know the drivers by; others, such as other builds, are left out. */
const DRIVER_TITLES: Readonly<Record<string, string>> = {
  ceiling: 'bare socket',
  ours: 'rocketwire',
  'ali-ons': 'ali-ons (Node.js)',
  java: 'Java',
  go: 'Go',
}
/** Of a title: it is the same in all. */
const COMMON = /, (\d+ bytes, \d+ queues)$/

interface DriverLine {
  readonly driver: string
  readonly figures: readonly RoundFigures[]
}

const HEAD = [
  ...['scenario', 'client', 'msgs/s', 'spread', 'ours : it', 'client CPU, µs/msg', 'ours : it', 'broker CPU, µs/msg'],
  ...['p50 / p99, ms', 'peak memory, MB'],
]

/** Text of the page about scenarios: how they were measured, a picture, and all figures. */
export function scenarioSection(results: readonly StoredScenario[], image: string): string {
  const sorted = inOrder(results)
  const table = markdownTable([HEAD, ...sorted.flatMap(rowsOf)], 2)
  const notes = distinct(sorted.flatMap(notesOf))
  return [
    captionOf(sorted),
    `![messages per second of each scenario and client](${image})`,
    table,
    ...(notes.length === 0 ? [] : [notes.map(note => `- ${note}`).join('\n')]),
  ].join('\n\n')
}

/** A panel per scenario with a bar per client: of rates, or of delays where the rate is given. */
export function scenarioPanels(results: readonly StoredScenario[]): BarPanel[] {
  return inOrder(results).map(result => {
    const delayed = linesOf(result).filter(({ figures }) => figures.some(({ latency }) => latency !== null))
    if (isPaced(result) && delayed.length > 0) {
      return {
        title: `${titleOf(result)}: p99`,
        unit: 'ms',
        bars: delayed.map(each => barOf(each, p99sOf(each.figures))),
      }
    }
    const bars = linesOf(result).map(each => barOf(each, ratesOf(each.figures)))
    return { title: titleOf(result), unit: 'msgs/s', bars }
  })
}

function isPaced({ scenario }: StoredScenario): boolean {
  const known: Readonly<Record<string, Scenario>> = SCENARIOS
  return known[scenario]?.pace !== undefined
}

function barOf({ driver }: DriverLine, values: readonly number[]): Bar {
  const range = { low: Math.min(...values), high: Math.max(...values) }
  return { label: DRIVER_TITLES[driver] ?? driver, kind: kindOf(driver), value: median(values), ...range }
}

const ratesOf = (figures: readonly RoundFigures[]): number[] => figures.map(({ perSecond }) => perSecond)
const p99sOf = (figures: readonly RoundFigures[]): number[] => figures.flatMap(({ latency }) => latency?.p99 ?? [])

function kindOf(driver: string): 'ours' | 'limit' | 'other' {
  if (driver === 'ours') return 'ours'
  return driver === 'ceiling' ? 'limit' : 'other'
}

/** As the scenarios are listed; one that is no more comes last. */
function inOrder(results: readonly StoredScenario[]): StoredScenario[] {
  const names = Object.keys(SCENARIOS)
  const placeOf = ({ scenario }: StoredScenario): number => (names.includes(scenario) ? names.indexOf(scenario) : 1e6)
  return [...results].sort((a, b) => placeOf(a) - placeOf(b))
}

/** What clients cannot do, what went wrong with them, and whether others disturbed it. */
function notesOf(result: StoredScenario): string[] {
  const wrong = linesOf(result).flatMap(({ driver, figures }) => troubles(DRIVER_TITLES[driver] ?? driver, figures))
  const most = Math.max(...othersOf(result))
  const disturbed = most > QUIET_CORES ? [`others used up to ${most.toFixed(2)} cores meanwhile`] : []
  return [...result.notes, ...wrong, ...disturbed].map(note => `${titleOf(result)}: ${note}`)
}

function othersOf({ rounds }: StoredScenario): number[] {
  return Object.values(rounds)
    .flat()
    .flatMap(({ otherCores }) => otherCores ?? [])
}

function titleOf({ title }: StoredScenario): string {
  return title.replace(COMMON, '')
}

/** In the order of `DRIVER_TITLES`. */
function linesOf({ rounds }: StoredScenario): DriverLine[] {
  return Object.keys(DRIVER_TITLES).flatMap(driver => {
    const figures = rounds[driver] ?? []
    return figures.length === 0 ? [] : [{ driver, figures }]
  })
}

function rowsOf(result: StoredScenario): string[][] {
  const ours = result.rounds.ours ?? []
  return linesOf(result).map(({ driver, figures }, i) => {
    const rates = ratesOf(figures)
    const latencies = figures.flatMap(({ latency }) => latency ?? [])
    const serverCosts = figures.flatMap(({ serverCpuPerMessage }) => serverCpuPerMessage ?? [])
    const memories = figures.flatMap(({ peakMemory }) => peakMemory ?? [])
    return [
      i === 0 ? titleOf(result) : '',
      DRIVER_TITLES[driver] ?? driver,
      whole(median(rates)),
      `${whole(Math.min(...rates))}-${whole(Math.max(...rates))}`,
      driver === 'ours' ? '' : ratio(ours, figures, ({ perSecond }) => perSecond),
      digits(median(figures.map(({ cpuPerMessage }) => cpuPerMessage))),
      driver === 'ours' ? '' : ratio(ours, figures, ({ cpuPerMessage }) => cpuPerMessage),
      serverCosts.length === 0 ? '' : digits(median(serverCosts)),
      latencies.length === 0 ? '' : `${milliseconds(latencies, 'p50')} / ${milliseconds(latencies, 'p99')}`,
      memories.length === 0 ? '' : whole(Math.max(...memories) / 1e6),
    ]
  })
}

function ratio(...given: Parameters<typeof ratioOf>): string {
  return ratioOf(...given)?.toFixed(2) ?? ''
}

function milliseconds(latencies: readonly { p50: number; p99: number }[], of: 'p50' | 'p99'): string {
  return median(latencies.map(each => each[of])).toFixed(2)
}

function captionOf(results: readonly StoredScenario[]): string {
  const targets = distinct(results.map(({ target }) => target)).join(' and ')
  const load = distinct(results.flatMap(({ title }) => COMMON.exec(title)?.[1] ?? [])).join('; ')
  const counts = results.flatMap(({ rounds }) => Object.values(rounds).map(figures => figures.length))
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)]
  const rounds = fewest === most ? `${most}` : `${fewest} to ${most}`
  return `On ${targets}, on the same machine: ${circumstancesOf(results)}. ${load}; medians of ${rounds} rounds. ${quietness(results)}`
}

function quietness(results: readonly StoredScenario[]): string {
  const others = results.flatMap(othersOf)
  if (others.length === 0) return 'What else used the machine is not known.'
  return `Everything else on the machine used ${median(others).toFixed(2)} cores, at most ${Math.max(...others).toFixed(2)}.`
}
