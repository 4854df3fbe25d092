import { packageRoot } from '../../test/support/package-root'
import { systemClock } from '../../lib/runtime/clock'
import { writeResult } from '../results'
import { runScript, say } from '../script'
import { isBuild } from './micro-case'
import { type MicroResult, type MicroRow, formatMicro } from './micro-result'
import { MICRO_USAGE, type MicroOptions, readMicroOptions } from './options'
import { MicroProgram } from './micro-program'
import { casesOf } from './subjects'

const TIMES = { timeMs: 500, warmupMs: 150 }

function read(args: readonly string[]): MicroOptions {
  const options = readMicroOptions(args)
  const { library } = options
  if (library !== undefined && !isBuild(library))
    throw new Error(`${library} holds no build: there is no dist/index.js`)
  return options
}

async function run(options: MicroOptions, signal: AbortSignal): Promise<number> {
  const result = await measureAll(options, signal)
  const file = writeResult('micro', result, new Date(systemClock.now()))
  return say(options.json ? JSON.stringify(result, null, 2) : `${formatMicro(result)}\nwritten to ${file}`)
}

async function measureAll({ subjects, library }: MicroOptions, signal: AbortSignal): Promise<MicroResult> {
  const build = { library: library ?? packageRoot(), isForeign: library !== undefined, ...TIMES }
  const cases: MicroRow[] = []
  for (const subject of subjects) {
    const measured = await MicroProgram.start({ subject, ...build }, signal)
    try {
      for (const [name] of casesOf(subject)) cases.push({ subject, name, ...(await measured.measure(name)) })
    } finally {
      await measured.stop()
    }
  }
  return { kind: 'micro', ...(library === undefined ? {} : { library }), cases }
}

runScript({ usage: MICRO_USAGE, read, run })
