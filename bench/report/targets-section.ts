import { type RoundFigures, median, ratioOf } from '../results'
import type { ScenarioName } from '../scenarios'
import { markdownTable } from './page'
import type { StoredScenario } from './stored-results'

/** What the figures of a scenario are meant to be; rates in relation to those of others. */
interface Target {
  readonly scenario: ScenarioName
  readonly title: string
  readonly toJava?: number
  /** To the quickest other client. */
  readonly toBest?: number
  readonly toCeiling?: number
  /** Processor time of the client at most, in relation to that of another driver. */
  readonly cpu?: { readonly of: 'ceiling' | 'go'; readonly most: number }
}

const TARGETS: readonly Target[] = [
  {
    scenario: 'send',
    title: 'send, 256 in flight',
    toJava: 3.2,
    toBest: 2.1,
    toCeiling: 0.85,
    cpu: { of: 'ceiling', most: 2.5 },
  },
  {
    scenario: 'send-64',
    title: 'send, 64 in flight',
    toJava: 2.4,
    toBest: 1.5,
    toCeiling: 0.85,
    cpu: { of: 'ceiling', most: 2.5 },
  },
  { scenario: 'sync', title: 'awaited send', toJava: 1.4, toBest: 1.15, toCeiling: 0.93 },
  { scenario: 'batch', title: 'batch of 32', toJava: 1.4, toBest: 1.3, cpu: { of: 'go', most: 1 } },
  {
    scenario: 'consume',
    title: 'consume, pull 32',
    toJava: 2,
    toBest: 1.5,
    toCeiling: 0.7,
    cpu: { of: 'go', most: 0.5 },
  },
  {
    scenario: 'consume-256',
    title: 'consume, pull 256/32',
    toJava: 1.8,
    toBest: 1.6,
    toCeiling: 0.5,
    cpu: { of: 'go', most: 0.5 },
  },
  { scenario: 'orderly', title: 'in order of a queue', toJava: 1.8, toBest: 1.5 },
]
const HEAD = ['', 'to Java', 'to the best other client', 'to the bare socket', 'client CPU']
const CLIENTS = ['java', 'go', 'ali-ons'] as const
const CPU_OF = { ceiling: "the bare socket's", go: "Go's" } as const

/** Text of the page about what the ratios on real brokers are meant to be, and what they are. */
export function targetsSection(results: readonly StoredScenario[]): string {
  const rows = TARGETS.flatMap(target => {
    const result = results.find(({ scenario }) => scenario === target.scenario)
    return result === undefined ? [] : [rowOf(target, result)]
  })
  const lines = [delays(results), memory(results)].flatMap(line => (line === undefined ? [] : [`- ${line}`]))
  const table = markdownTable([HEAD, ...rows], 1)
  return lines.length === 0 ? table : `${table}\n\n${lines.join('\n')}`
}

function rowOf({ title, toJava, toBest, toCeiling, cpu }: Target, { rounds }: StoredScenario): string[] {
  const rateTo = (driver: string): number | undefined => ratio(rounds, driver, ({ perSecond }) => perSecond)
  const others = CLIENTS.flatMap(client => rateTo(client) ?? [])
  const cpuTo = cpu && ratio(rounds, cpu.of, ({ cpuPerMessage }) => cpuPerMessage)
  return [
    title,
    atLeast(rateTo('java'), toJava),
    atLeast(others.length === 0 ? undefined : Math.min(...others), toBest),
    atLeast(rateTo('ceiling'), toCeiling),
    cpu && cpuTo !== undefined
      ? `${marked(cpuTo, cpuTo <= cpu.most)} of ${CPU_OF[cpu.of]}, wanted at most ${cpu.most}`
      : '',
  ]
}

/** Of the ratio to the quickest other one is the least. */
function atLeast(value: number | undefined, wanted: number | undefined): string {
  if (value === undefined || wanted === undefined) return ''
  return `${marked(value, Number(value.toFixed(2)) >= wanted)}, wanted ${wanted}`
}

/** What misses its target is set off. */
function marked(value: number, isReached: boolean): string {
  return isReached ? value.toFixed(2) : `**${value.toFixed(2)}**`
}

function ratio(
  rounds: StoredScenario['rounds'],
  driver: string,
  figure: (round: RoundFigures) => number,
): number | undefined {
  return ratioOf(rounds.ours ?? [], rounds[driver] ?? [], figure)
}

function delays(results: readonly StoredScenario[]): string | undefined {
  const rounds = results.find(({ scenario }) => scenario === 'e2e')?.rounds
  if (rounds === undefined) return undefined
  const p99 = (driver: string): number => median((rounds[driver] ?? []).flatMap(({ latency }) => latency?.p99 ?? []))
  const best = Math.min(...CLIENTS.map(p99).filter(ms => !Number.isNaN(ms)))
  return `End to end at 500 messages a second: p99 ${marked(p99('ours'), p99('ours') <= best)} ms, wanted at most that of the best other client, ${best.toFixed(2)} ms.`
}

function memory(results: readonly StoredScenario[]): string | undefined {
  const rounds = results.find(({ scenario }) => scenario === 'consume')?.rounds
  const peak = (driver: string): number =>
    Math.max(...(rounds?.[driver] ?? []).map(({ peakMemory }) => peakMemory ?? NaN)) / 1e6
  const [ours, aliOns] = [peak('ours'), peak('ali-ons')]
  if (!(ours > 0 && aliOns > 0)) return undefined
  return `Resident memory while 200,000 messages are consumed: ${marked(ours, ours <= aliOns)} MB at most, wanted at most that of ali-ons, ${aliOns.toFixed(0)} MB.`
}
