import { parseArgs } from 'node:util'
import { DRIVERS, type DriverName, SCENARIOS, type Scenario, type ScenarioName } from './scenarios'

export interface BenchOptions {
  readonly scenario: ScenarioName
  /** The programs to measure; those that cannot do the scenario are left out. */
  readonly drivers: readonly DriverName[]
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
  /** Folder for CPU profiles of the drivers that run on Node. */
  readonly cpuProf: string | undefined
}

const DEFAULT_DRIVERS: readonly DriverName[] = ['ours', 'ceiling']

export const USAGE = `usage: npm run bench -- SCENARIO [--drivers ours,ceiling,ali-ons,java,go] [--target emulator|real|ADDRESS] [--n 5]

Measures this client beside others, by turns on the same broker in one run.
  --drivers D,D   ours; ceiling, which does no more than the socket work; and the clients ali-ons, java and go, which are
                  built into a cache when they are first asked for; default ${DEFAULT_DRIVERS.join()}
  --target T      emulator (a process of its own), real (a fresh RocketMQ 5.5.0), or a name server's host:port; default emulator
  --n N           measured rounds of each driver; medians are printed; default 5
  --messages M    messages of a round; default see below
  --patience S    waits up to S seconds in all for others to leave the machine alone, and measures disturbed rounds again; default 0
  --against DIR   also measures the build in DIR/dist, such as that of another commit
  --cpu-prof DIR  writes a CPU profile of each driver that runs on Node there; the figures of such a run are worth less

scenarios:
${scenarioLines()}
  async           another name for send`

function scenarioLines(): string {
  return Object.entries(SCENARIOS)
    .map(
      ([name, { title, messages }]) =>
        `  ${name.padEnd(14)}  ${title}; ${messages.toLocaleString('en')} messages a round`,
    )
    .join('\n')
}

/** Reads the command line; throws an error that says what is wrong with it. */
export function readBenchOptions(args: readonly string[]): BenchOptions {
  const text = { type: 'string' } as const
  const options = {
    drivers: text,
    target: text,
    n: text,
    messages: text,
    patience: text,
    against: text,
    'cpu-prof': text,
  }
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
  const scenario = scenarioOf(positionals)
  return {
    scenario,
    drivers: values.drivers === undefined ? defaultDrivers(scenario) : driversOf(values.drivers),
    target: values.target ?? 'emulator',
    rounds: countOf('--n', values.n, 5),
    messages: countOf('--messages', values.messages, SCENARIOS[scenario].messages),
    patience: countOf('--patience', values.patience, 0),
    against: values.against,
    cpuProf: values['cpu-prof'],
  }
}

function scenarioOf(positionals: readonly string[]): ScenarioName {
  const names = Object.keys(SCENARIOS) as ScenarioName[]
  const [given] = positionals
  const name = given === 'async' ? 'send' : names.find(each => each === given)
  if (name === undefined || positionals.length > 1) throw new Error(`name one scenario: ${names.join(', ')}`)
  return name
}

function defaultDrivers(name: ScenarioName): DriverName[] {
  const { drivers }: Scenario = SCENARIOS[name]
  return DEFAULT_DRIVERS.filter(each => drivers.includes(each))
}

function driversOf(text: string): DriverName[] {
  return text.split(',').map(asked => {
    const name = DRIVERS.find(each => each === asked)
    if (name === undefined) throw new Error(`there is no driver ${asked}: choose of ${DRIVERS.join(', ')}`)
    return name
  })
}

/** @throws Error where the text is no whole number from 1 up */
export function countOf(option: string, text: string | undefined, missing: number): number {
  if (text === undefined) return missing
  const value = Number(text)
  if (Number.isSafeInteger(value) && value > 0) return value
  throw new Error(`${option} must be a whole number from 1 up, not ${text}`)
}
