import { parseArgs } from 'node:util'
import { ROCKETMQ_VERSIONS, type RocketMQVersion } from './real/artifacts'

export interface RunOptions {
  readonly versions: readonly RocketMQVersion[]
  /** A regular expression on the paths of the test files. */
  readonly scenario?: string
  /** The long tests of test/contract/full and all rows of the fault matrix, on the emulator, too, instead of all others. */
  readonly full: boolean
  /** The table of figures goes to docs/reliability.md, too. */
  readonly write: boolean
}

export const USAGE = `usage: npm run test:contract [-- --version ${ROCKETMQ_VERSIONS.join('|')}] [--scenario PATTERN]

Runs the tests of test/scenario and test/contract on real RocketMQ servers, on all versions side by side.
  --version V         only this version
  --scenario PATTERN  only the test files whose path matches
  --full              what takes long instead: clusters that fail over, and the fault matrix, whose figures are printed
                      (npm run test:contract:full)
  --write             puts those figures into docs/reliability.md
Environment:
  ROCKETMQ_NAMESRV    use this running cluster; nothing is started or stopped, tests that stop brokers are skipped
  ROCKETMQ_VERSION    the version of that cluster (default ${ROCKETMQ_VERSIONS[0]})
  ROCKETWIRE_FIGURES  a file that keeps the figures, so that those of several runs make one table
  ROCKETWIRE_CACHE    where downloaded jars are kept (default: the user's cache folder)`

/** Reads the command line; throws an error that says what is wrong with it. */
export function readRunOptions(args: readonly string[], env: NodeJS.ProcessEnv = process.env): RunOptions {
  const [text, flag] = [{ type: 'string' }, { type: 'boolean', default: false }] as const
  const options = { version: text, scenario: text, full: flag, write: flag }
  const { version, scenario, full, write } = parseArgs({ args: [...args], options }).values
  const versions = version === undefined ? versionsOf(env) : [knownVersion(version)]
  return { versions, full, write, ...(scenario !== undefined && { scenario }) }
}

/** A cluster that runs already has one version; the tests take it for the newest of its generation. */
function versionsOf(env: NodeJS.ProcessEnv): readonly RocketMQVersion[] {
  if (env.ROCKETMQ_NAMESRV === undefined || env.ROCKETMQ_NAMESRV === '') return ROCKETMQ_VERSIONS
  return [env.ROCKETMQ_VERSION?.startsWith('4.') === true ? '4.9.4' : '5.5.0']
}

function knownVersion(text: string): RocketMQVersion {
  const version = ROCKETMQ_VERSIONS.find(known => known === text)
  if (version === undefined) throw new Error(`--version must be one of ${ROCKETMQ_VERSIONS.join(', ')}, not ${text}`)
  return version
}
