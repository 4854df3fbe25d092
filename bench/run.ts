import { systemClock } from '../lib/runtime/clock'
import { measure } from './measure'
import { type BenchOptions, USAGE, readBenchOptions } from './options'
import { formatResult, writeResult } from './results'
import { SCENARIOS } from './scenarios'
import { runScript, say } from './script'

async function run(options: BenchOptions, signal: AbortSignal): Promise<number> {
  const result = await measure(options, { say, signal })
  say(`\n${formatResult(result)}`)
  const isTrial = options.cpuProf !== undefined || options.messages !== SCENARIOS[options.scenario].messages
  return say(`written to ${writeResult(options.scenario, { ...result, isTrial }, new Date(systemClock.now()))}`)
}

runScript({ usage: USAGE, read: readBenchOptions, run })
