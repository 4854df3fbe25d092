import { availableParallelism, loadavg } from 'node:os'
import { systemClock } from '../../lib/runtime/clock'
import { casesOf } from '../micro/subjects'
import { writeResult } from '../results'
import { type CompareOptions, compareMicro } from './compare-micro'
import { compareScenario } from './compare-scenario'
import { runScript, say } from '../script'
import { GATE_SCENARIOS, GATE_SUBJECTS, GATE_USAGE, type GateOptions, type GatePart, readGateOptions } from './options'
import { otherBuild } from './other-build'
import { type GateItem, type GateRow, exitCodeOf, formatGate, passes, withSecondTry } from './verdict'

/** How long the second measurement may wait for a quiet machine, s, for each part. */
const PATIENCE_S = 60

async function run({ parts, against, rounds }: GateOptions, signal: AbortSignal): Promise<number> {
  const { title, folder } = await otherBuild(against, say)
  const options = { library: folder, rounds, patience: 0, say, signal }
  const first = await compare(itemsOf(parts), options)
  const slower = first.filter(row => !passes(row)).map(({ item }) => item)
  if (slower.length > 0) say(`measuring again: ${slower.length} seem slower`)
  const rows = withSecondTry(first, await compare(slower, { ...options, patience: PATIENCE_S }))
  say(`\n${formatGate(rows, title)}`)
  say(`load average ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} cores`)
  writeResult('gate', { kind: 'gate', against: title, rows }, new Date(systemClock.now()))
  return exitCodeOf(rows)
}

function itemsOf(parts: readonly GatePart[]): GateItem[] {
  return [
    ...GATE_SUBJECTS.flatMap(subject => casesOf(subject).map(([name]) => ({ subject, name }))),
    ...GATE_SCENARIOS.map(subject => ({ subject, name: undefined })),
  ].filter(({ subject }) => parts.includes(subject))
}

async function compare(items: readonly GateItem[], options: CompareOptions): Promise<GateRow[]> {
  const rows: GateRow[] = []
  for (const subject of GATE_SUBJECTS) {
    const names = items.flatMap(item => (item.subject === subject && item.name !== undefined ? [item.name] : []))
    if (names.length > 0) rows.push(...(await compareMicro(subject, names, options)))
  }
  for (const scenario of GATE_SCENARIOS) {
    if (items.some(({ subject }) => subject === scenario)) rows.push(await compareScenario(scenario, options))
  }
  return rows
}

runScript({ usage: GATE_USAGE, read: readGateOptions, run })
