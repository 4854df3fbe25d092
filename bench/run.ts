import { systemClock } from '../lib/runtime/clock'
import { measure } from './measure'
import { type BenchOptions, USAGE, readBenchOptions } from './options'
import { formatResult, writeResult } from './results'

/** The exit code is 0 when it measured, 1 when it could not, 2 on wrong use. */
async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) return say(USAGE, 0)
  let options: BenchOptions
  try {
    options = readBenchOptions(args)
  } catch (error) {
    return say(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`, 2)
  }
  const interrupted = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(name, () => interrupted.abort(new Error(`ended by ${name}`)))
  }
  const result = await measure(options, { say, signal: interrupted.signal })
  say(`\n${formatResult(result)}`)
  return say(`written to ${writeResult(options.scenario, result, new Date(systemClock.now()))}`)
}

function say(line: string, code = 0): number {
  console.log(line)
  return code
}

void main(process.argv.slice(2)).then(
  code => process.exit(code),
  (error: unknown) => {
    console.error(error)
    process.exit(1)
  },
)
