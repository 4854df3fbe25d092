import { parseArgs } from 'node:util'
import { SCENARIOS, type ScenarioName } from './scenarios'

export interface BenchOptions {
  readonly scenario: ScenarioName
  /** `emulator`, `real`, or the address of a name server. */
  readonly target: string
  /** Measured rounds of each driver. */
  readonly rounds: number
  /** Messages of one round. */
  readonly messages: number
  /** How long to wait, in all, for the machine to be quiet, and to measure disturbed rounds again, s. */
  readonly patience: number
  /** Folder of another build of the package, measured beside this one. */
  readonly against: string | undefined
  /** Folder for CPU profiles of the drivers. */
  readonly cpuProf: string | undefined
}

export const USAGE = `usage: npm run bench -- ${Object.keys(SCENARIOS).join('|')} [--target emulator|real|ADDRESS] [--n 3]

Measures this client beside a program that does no more than the socket work, on the same broker in one run.
  --target T      emulator (a process of its own), real (a fresh RocketMQ 5.5.0), or a name server's host:port; default emulator
  --n N           measured rounds of each driver; medians are printed; default 3
  --messages M    messages of a round; default ${defaults()}
  --patience S    waits up to S seconds in all for others to leave the machine alone, and measures disturbed rounds again; default 0
  --against DIR   also measures the build in DIR/dist, such as that of another commit
  --cpu-prof DIR  writes a CPU profile of each driver there; the figures of such a run are worth less`

function defaults(): string {
  return Object.entries(SCENARIOS)
    .map(([name, { messages }]) => `${messages} (${name})`)
    .join(', ')
}

/** Reads the command line; throws an error that says what is wrong with it. */
export function readBenchOptions(args: readonly string[]): BenchOptions {
  const text = { type: 'string' } as const
  const options = { target: text, n: text, messages: text, patience: text, against: text, 'cpu-prof': text }
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
  const scenario = scenarioOf(positionals)
  return {
    scenario,
    target: values.target ?? 'emulator',
    rounds: countOf('--n', values.n, 3),
    messages: countOf('--messages', values.messages, SCENARIOS[scenario].messages),
    patience: countOf('--patience', values.patience, 0),
    against: values.against,
    cpuProf: values['cpu-prof'],
  }
}

function scenarioOf(positionals: readonly string[]): ScenarioName {
  const names = Object.keys(SCENARIOS) as ScenarioName[]
  const name = names.find(each => each === positionals[0])
  if (name === undefined || positionals.length > 1) throw new Error(`name one scenario: ${names.join(' or ')}`)
  return name
}

function countOf(option: string, text: string | undefined, missing: number): number {
  if (text === undefined) return missing
  const value = Number(text)
  if (Number.isSafeInteger(value) && value > 0) return value
  throw new Error(`${option} must be a whole number from 1 up, not ${text}`)
}
