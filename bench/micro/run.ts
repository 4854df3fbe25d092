import { packageRoot } from '../../test/support/package-root'
import { systemClock } from '../../lib/runtime/clock'
import { writeResult } from '../results'
import { isBuild } from './micro-case'
import { type MicroResult, type MicroRow, formatMicro } from './micro-result'
import { MICRO_USAGE, type MicroOptions, readMicroOptions } from './options'
import { MicroProgram } from './micro-program'
import { casesOf } from './subjects'

const TIMES = { timeMs: 500, warmupMs: 150 }

/** The exit code is 0 when it measured, 1 when it could not, 2 on wrong use. */
async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) return say(MICRO_USAGE, 0)
  let options: MicroOptions
  try {
    options = readMicroOptions(args)
    const { library } = options
    if (library !== undefined && !isBuild(library))
      throw new Error(`${library} holds no build: there is no dist/index.js`)
  } catch (error) {
    return say(`${error instanceof Error ? error.message : String(error)}\n\n${MICRO_USAGE}`, 2)
  }
  const result = await measureAll(options)
  const file = writeResult('micro', result, new Date(systemClock.now()))
  return say(options.json ? JSON.stringify(result, null, 2) : `${formatMicro(result)}\nwritten to ${file}`)
}

async function measureAll({ subjects, library }: MicroOptions): Promise<MicroResult> {
  const interrupted = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(name, () => interrupted.abort(new Error(`ended by ${name}`)))
  }
  const build = { library: library ?? packageRoot(), isForeign: library !== undefined, ...TIMES }
  const cases: MicroRow[] = []
  for (const subject of subjects) {
    const measured = await MicroProgram.start({ subject, ...build }, interrupted.signal)
    try {
      for (const [name] of casesOf(subject)) cases.push({ subject, name, ...(await measured.measure(name)) })
    } finally {
      await measured.stop()
    }
  }
  return { kind: 'micro', ...(library === undefined ? {} : { library }), cases }
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
