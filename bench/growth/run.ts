import { parseArgs } from 'node:util'
import { packageRoot } from '../../test/support/package-root'
import { systemClock } from '../../lib/runtime/clock'
import { ChildProgram, nodeProgram, profileOptions } from '../child-program'
import { OtherLoad } from '../other-load'
import { writeResult } from '../results'
import { runScript, say } from '../script'
import { openTarget } from '../targets'
import { type Curve, type CurvePoint, type CurveTitle, formatCurve, growsTooFast, slope, slopeAtEnd } from './curve'
import type { Costs } from './growth-subject'
import type { PointSetup } from './point'
import { SUBJECTS, type SubjectName } from './subjects'

const NAMES = Object.keys(SUBJECTS) as SubjectName[]
const USAGE = `usage: npm run bench:growth -- [NAME...] [--most N] [--cpu-prof DIR]

Prints what things cost against their size, as curves with their slopes: 0 does not grow, 1 grows as the size does.
  NAME            ${NAMES.join(', ')}; default all
  --most N        leaves out sizes above N
  --cpu-prof DIR  writes a CPU profile of the process that is measured there

The exit code is 1 where a cost grows faster than n log n.`

interface GrowthOptions {
  readonly subjects: readonly SubjectName[]
  readonly most: number
  readonly nodeOptions: readonly string[]
  /** With profiles, or not of all sizes. */
  readonly isTrial: boolean
}

async function run(options: GrowthOptions, signal: AbortSignal): Promise<number> {
  let isFine = true
  for (const subject of options.subjects) {
    const load = new OtherLoad()
    const curves = await measure(subject, options, { load, signal })
    const others = load.told()
    for (const [name, curve] of Object.entries(curves)) {
      const { title, unit, points } = curve
      const slopes = { slope: slope(points), slopeAtEnd: slopeAtEnd(points) }
      const result = { kind: 'growth', name, title, unit, points, ...slopes, others, isTrial: options.isTrial }
      say(`\n${formatCurve(curve)}`)
      say(`  written to ${writeResult(`growth-${name}`, result, new Date(systemClock.now()))}`)
      isFine &&= !growsTooFast(curve)
    }
    say(others)
  }
  return isFine ? 0 : 1
}

function read(args: readonly string[]): GrowthOptions {
  const text = { type: 'string' } as const
  const options = { most: text, 'cpu-prof': text }
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
  const unknown = positionals.find(each => !NAMES.some(name => name === each))
  if (unknown !== undefined) throw new Error(`there is no subject ${unknown}`)
  const most = Number(values.most ?? Infinity)
  if (!(most >= 1)) throw new Error(`--most must be a number from 1 up, not ${values.most}`)
  const folder = values['cpu-prof']
  const subjects = NAMES.filter(name => positionals.length === 0 || positionals.includes(name))
  const isTrial = folder !== undefined || most < Infinity
  return { subjects, most, isTrial, nodeOptions: ['--expose-gc', ...profileOptions(folder)] }
}

async function measure(
  subject: SubjectName,
  { most, nodeOptions }: GrowthOptions,
  { load, signal }: { load: OtherLoad; signal: AbortSignal },
): Promise<Record<string, Curve>> {
  const target = await openTarget({ target: 'emulator', library: packageRoot(), brokerConf: undefined, signal })
  try {
    const { namesrvAddr, pids } = target
    const setup: PointSetup = { subject, namesrvAddr, emulatorPid: pids[0] as number, library: packageRoot() }
    const command = nodeProgram('../growth/point', nodeOptions)
    const { program } = await ChildProgram.start<string>(command, setup, signal)
    load.except([...pids, program.pid])
    const points: { readonly size: number; readonly costs: Costs }[] = []
    const sizes = SUBJECTS[subject].sizes.filter(size => size <= most)
    // Once more before: what is run for the first time is compiled while it is measured.
    await program.ask<Costs>(sizes[0])
    for (const size of sizes) {
      say(`${subject}: ${size.toLocaleString('en')}`)
      points.push({ size, costs: await program.ask<Costs>(size) })
      load.look()
    }
    await program.stop()
    return curvesOf(SUBJECTS[subject].curves, points)
  } finally {
    await target.stop()
  }
}

function curvesOf(
  titles: Readonly<Record<string, CurveTitle>>,
  points: readonly { readonly size: number; readonly costs: Costs }[],
): Record<string, Curve> {
  const costs = (name: string): CurvePoint[] =>
    points.map(each => ({ size: each.size, cost: each.costs[name] as number }))
  return Object.fromEntries(
    Object.entries(titles).map(([name, title]) => [name, { ...title, points: costs(name) }] as const),
  )
}

runScript({ usage: USAGE, read, run })
