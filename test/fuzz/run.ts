import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../lib/runtime/clock'
import { randomUint32 } from '../../lib/runtime/random'
import { killHeldChildren, killWithParent } from '../contract/real/child-reaper'
import { packageRoot } from '../support/package-root'
import type { FuzzMessage } from './fuzzer'
import { type FuzzOptions, readFuzzOptions, USAGE } from './options'
import { lastInput } from './watched'

/** The inputs of one seed take a second or two. */
const HANGS_AFTER_MS = 60_000
const HEAP_MIB = 256

function say(line: string): void {
  console.log(line)
}

/** Watches the process that reads; resolves with what is wrong, if anything is. */
async function fuzz({ minutes, seed, targets }: FuzzOptions): Promise<string | undefined> {
  say(`fuzz: ${minutes} minutes of ${targets.join(', ')}, seed ${seed}`)
  const folder = await mkdtemp(join(tmpdir(), 'rocketwire-fuzz-'))
  const file = join(folder, 'input')
  const args = ['test/fuzz/fuzzer.ts', String(minutes), String(seed), file, ...targets]
  const child = fork(join('scripts', 'ts.mjs'), args, {
    cwd: packageRoot(),
    execArgv: [`--max-old-space-size=${HEAP_MIB}`],
  })
  killWithParent(child)
  const runs = new Map<string, number>()
  let last: FuzzMessage | undefined
  let isStuck = false
  const giveUp = (): void => {
    isStuck = true
    child.kill('SIGKILL')
  }
  let watchdog = systemClock.after(HANGS_AFTER_MS, giveUp)
  child.on('message', (message: FuzzMessage) => {
    last = message
    watchdog.cancel()
    watchdog = systemClock.after(HANGS_AFTER_MS, giveUp)
    if (message.kind === 'ends') runs.set(message.target, (runs.get(message.target) ?? 0) + message.runs)
  })
  const [code] = (await once(child, 'exit')) as [number | null]
  watchdog.cancel()
  for (const [target, count] of runs) say(`  ${target}: ${count.toLocaleString('en')} inputs`)
  const input = lastInput(await readFile(file).catch(() => Buffer.alloc(0)))
  await rm(folder, { recursive: true, force: true })
  if (last?.kind === 'fails') return `${last.target}, seed ${last.seed}: ${last.says}`
  if (code === 0 && last?.kind === 'ends') return undefined
  const where = last === undefined ? '' : `${last.target}${last.kind === 'begins' ? `, seed ${last.seed}` : ''}: `
  const what = isStuck ? `reading does not end` : `reading ended the process (code ${code})`
  return `${where}${what}\n\nThe bytes: ${input.toString('hex')}`
}

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    say(USAGE)
    return 0
  }
  let options: FuzzOptions
  try {
    options = readFuzzOptions(args, randomUint32() >>> 1)
  } catch (error) {
    say(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`)
    return 2
  }
  for (const [signal, code] of [['SIGINT', 130] as const, ['SIGTERM', 143] as const]) {
    process.once(signal, () => {
      killHeldChildren()
      process.exit(code)
    })
  }
  const defect = await fuzz(options)
  say(defect ?? 'fuzz: all was read, or refused by a typed error')
  return defect === undefined ? 0 : 1
}

void main(process.argv.slice(2)).then(code => process.exit(code))
