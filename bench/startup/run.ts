import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { systemClock } from '../../lib/runtime/clock'
import { countOf } from '../options'
import { OtherLoad } from '../other-load'
import { median, writeResult } from '../results'
import { runScript, say } from '../script'
import type { StartupResult } from '../report/stored-results'
import { InstalledPackage } from './installed-package'
import { allBytes, mib } from './package-size'

const USAGE = `usage: npm run bench:startup [-- --n 15]

Measures how long new processes take that load the packed and installed package, beside one that does nothing. The exit code is 1
where something is above its limit.`
const ROUNDS = 15
const TARGET_BYTES = 2_000_000
/** Every process tells its processor time at its end, the one that does nothing, too. */
const TELL_CPU = `process.on('exit', () => {
  const { user, system } = process.cpuUsage()
  require('fs').writeSync(2, '\\n' + (user + system))
})`
const START_EMULATOR = `const { Emulator } = require('rocketwire/emulator')
  const at = performance.now()
  Emulator.start().then(emulator => { console.log(performance.now() - at); return emulator.shutdown() })`

interface StartUp {
  readonly name: string
  readonly args: readonly string[]
  /** Limit, ms. */
  readonly target?: number
  /** What comes on top of this one counts. */
  readonly above?: StartUp
  /** What the process says itself counts. */
  readonly isTold?: true
}

const BARE: StartUp = { name: 'node that does nothing', args: ['-e', '0'] }
const BARE_MODULE: StartUp = { name: 'a module that does nothing', args: ['--input-type=module', '-e', '0'] }
const STARTS: readonly StartUp[] = [
  BARE,
  { name: "require('rocketwire')", args: ['-e', "require('rocketwire')"], target: 40, above: BARE },
  BARE_MODULE,
  { name: "import 'rocketwire'", args: ['--input-type=module', '-e', "import 'rocketwire'"], above: BARE_MODULE },
  { name: "require('rocketwire/emulator')", args: ['-e', "require('rocketwire/emulator')"], above: BARE },
  { name: 'Emulator.start() alone', args: ['-e', START_EMULATOR], target: 100, isTold: true },
  { name: 'rocketwire --help', args: ['node_modules/rocketwire/dist/cli.js', '--help'], target: 120 },
]

interface Times {
  readonly wallMs: number
  readonly cpuMs: number
  readonly told: string
}

/** How often each is started. */
function read(args: readonly string[]): number {
  const { values } = parseArgs({ args: [...args], options: { n: { type: 'string' } } })
  return countOf('--n', values.n, ROUNDS)
}

function run(rounds: number): number {
  const installed = new InstalledPackage()
  try {
    const { ownBytes, dependencyBytes } = installed
    const load = new OtherLoad()
    const times = measure(installed.project, { rounds, load })
    load.look()
    const rows = STARTS.map(start => ({ name: start.name, ...row(start, times) }))
    const others = load.told()
    say([...rows.map(format), ...formatSizes(installed), others].join('\n'))
    const result: StartupResult = { kind: 'startup', rounds, rows, ownBytes, dependencyBytes, others }
    say(`written to ${writeResult('startup', result, new Date(systemClock.now()))}`)
    const isFine = rows.every(({ measuredMs, target = Infinity }) => measuredMs < target)
    return isFine && allBytes(installed) < TARGET_BYTES ? 0 : 1
  } finally {
    installed.remove()
  }
}

/** In turn, so that what disturbs one disturbs the others, too; the first round fills the system's cache of files. */
function measure(project: string, { rounds, load }: { rounds: number; load: OtherLoad }): Map<string, Times[]> {
  const hook = join(project, 'tell-cpu.cjs')
  writeFileSync(hook, TELL_CPU)
  const times = new Map<string, Times[]>(STARTS.map(({ name }) => [name, []]))
  for (let round = 0; round <= rounds; round++) {
    for (const { name, args } of STARTS) {
      const startedAt = systemClock.monotonic()
      const { status, stdout, stderr } = spawnSync(process.execPath, ['--require', hook, ...args], {
        cwd: project,
        encoding: 'utf8',
      })
      const wallMs = systemClock.monotonic() - startedAt
      if (status !== 0) throw new Error(`${name} failed: ${stderr}`)
      const cpuMs = Number(stderr.split('\n').at(-1)) / 1000
      load.ended(cpuMs / 1000)
      if (round > 0) times.get(name)?.push({ wallMs, cpuMs, told: stdout })
    }
  }
  return times
}

interface Row {
  readonly wallMs: number
  readonly cpuMs: number
  /** The least of all rounds: what it takes where nothing disturbs it. */
  readonly leastMs: number
  /** What counts, and what the target is for, ms. */
  readonly measuredMs: number
  readonly target: number | undefined
}

function row({ name, target, above, isTold }: StartUp, times: ReadonlyMap<string, readonly Times[]>): Row {
  const typical = (of: string, value: (times: Times) => number): number => median((times.get(of) ?? []).map(value))
  const wallMs = typical(name, each => each.wallMs)
  const cpuMs = typical(name, each => each.cpuMs)
  const bareMs = above === undefined ? 0 : typical(above.name, each => each.wallMs)
  const measuredMs = isTold ? typical(name, each => Number(each.told)) : wallMs - bareMs
  return { wallMs, cpuMs, leastMs: Math.min(...(times.get(name) ?? []).map(each => each.wallMs)), measuredMs, target }
}

function format({ name, wallMs, cpuMs, leastMs, measuredMs, target }: Row & { name: string }): string {
  const figures = `${wallMs.toFixed(0).padStart(5)} ms, least ${leastMs.toFixed(0).padStart(4)}, CPU ${cpuMs.toFixed(0).padStart(4)}`
  const verdict = target === undefined ? '' : ` of ${target}: ${measuredMs < target ? 'fine' : 'TOO SLOW'}`
  return `${name.padEnd(32)} ${figures}  counts ${measuredMs.toFixed(0)} ms${verdict}`
}

function formatSizes({ ownBytes, dependencyBytes }: InstalledPackage): string[] {
  const all = allBytes({ ownBytes, dependencyBytes })
  const parts = Object.entries(dependencyBytes).map(([name, bytes]) => `${name} ${mib(bytes)}`)
  const verdict = (bytes: number): string => (bytes < TARGET_BYTES ? 'fine' : `ABOVE ${TARGET_BYTES} bytes`)
  return [
    `installed: ${mib(ownBytes)} MiB: ${verdict(ownBytes)}; ${mib(all)} MiB with all that it needs: ${verdict(all)}`,
    `  ${parts.join(', ')}`,
  ]
}

runScript({ usage: USAGE, read, run })
