import { parseArgs } from 'node:util'
import { packageRoot } from '../../test/support/package-root'
import type { CompressionType } from '../../lib/model/sys-flag'
import { systemClock } from '../../lib/runtime/clock'
import { ChildProgram, nodeProgram, profileOptions } from '../child-program'
import { countOf } from '../options'
import { OtherLoad } from '../other-load'
import { median, writeResult } from '../results'
import type { LoopResult } from '../report/stored-results'
import { runScript, say } from '../script'
import { type BenchTarget, openTarget } from '../targets'
import { BenchTopic } from '../topic'
import type { Blocks } from './block-watch'
import { compressedSample } from './compressed-sample'
import { fill } from './fill'
import type { SideOrder, SideSetup } from './side'

const TYPES: readonly CompressionType[] = ['ZLIB', 'LZ4', 'ZSTD']
const MESSAGES = 40
const TARGET_MS = 20
const ROUNDS = 5
const USAGE = `usage: npm run bench:loop [-- --n ${ROUNDS}] [--cpu-prof DIR]

Measures how long the event loop is blocked at most while messages of 4 MiB are compressed for sending, and while such
messages are received, beside the idle loop of the same process: medians of --n rounds, and the
worst. The limit is ${TARGET_MS} ms: the exit code is 1 where the worst is above it.`

/** What one round tells. */
interface Measured extends Blocks {
  readonly name: string
  /** Of the idle loop of the same process, before. */
  readonly idle: Blocks
}

/** One line of what is told: medians of the rounds. */
interface Row extends Measured {
  /** The longest block of all rounds. */
  readonly worstMs: number
}

interface Conditions {
  readonly load: OtherLoad
  readonly nodeOptions: readonly string[]
  readonly signal: AbortSignal
}

/** Where something is measured. */
interface Place extends Conditions {
  readonly target: BenchTarget
  readonly topic: BenchTopic
}

interface Order {
  readonly rounds: number
  /** Options of Node.js for the processes that are measured. */
  readonly nodeOptions: readonly string[]
  /** With profiles. */
  readonly isTrial: boolean
}

function read(args: readonly string[]): Order {
  const options = { n: { type: 'string' }, 'cpu-prof': { type: 'string' } } as const
  const { values } = parseArgs({ args: [...args], options })
  const rounds = countOf('--n', values.n, ROUNDS)
  const folder = values['cpu-prof']
  return { rounds, nodeOptions: profileOptions(folder), isTrial: folder !== undefined }
}

async function run({ rounds, nodeOptions, isTrial }: Order, signal: AbortSignal): Promise<number> {
  const load = new OtherLoad()
  const measured: Measured[] = []
  for (let i = 0; i < rounds; i++) measured.push(...(await round({ load, nodeOptions, signal })))
  const rows = summed(measured)
  say(formatRows(rows))
  say(load.told())
  const result: LoopResult = { kind: 'loop', rounds, rows, others: load.told(), isTrial }
  say(`written to ${writeResult('loop', result, new Date(systemClock.now()))}`)
  return rows.every(isFine) ? 0 : 1
}

/** On an emulator of its own, so that what was stored before makes no difference. */
async function round(conditions: Conditions): Promise<Measured[]> {
  const { signal } = conditions
  const target = await openTarget({ target: 'emulator', library: packageRoot(), brokerConf: undefined, signal })
  const measured: Measured[] = []
  try {
    for (const type of TYPES) {
      for (const measureOne of [sending, consuming]) {
        const topic = await BenchTopic.create(target.namesrvAddr)
        measured.push(...(await measureOne(type, { ...conditions, target, topic })))
        await topic.close({ remove: true })
      }
    }
  } finally {
    await target.stop()
  }
  return measured
}

async function sending(type: CompressionType, place: Place): Promise<Measured[]> {
  const isNative = 'zstdCompressSync' in (await import('node:zlib'))
  if (type === 'ZSTD' && !isNative) return skipped(`sending ZSTD is not measured: Node.js ${process.version} has none`)
  return [await row(`compress and send, ${type}`, place, side => side.ask({ what: 'send', type, count: MESSAGES }))]
}

async function consuming(type: CompressionType, place: Place): Promise<Measured[]> {
  const body = compressedSample(type)
  if (body === undefined) return skipped(`consuming ${type} is not measured: nothing here can make such messages`)
  const { broker, name: topic } = place.topic
  const measured = await row(`consume, ${type}`, place, async side => {
    // Before, so that nothing but the client and the broker has work while it is measured.
    await fill({ broker, topic, body, type, count: MESSAGES })
    return side.ask({ what: 'consume', count: MESSAGES })
  })
  return [measured]
}

/** Each measurement in a process of its own, so that what is done first is new there. */
async function row(name: string, place: Place, measure: (side: Side) => Promise<Blocks>): Promise<Measured> {
  const { target, topic, load, nodeOptions, signal } = place
  const { namesrvAddr, pids } = target
  const setup: SideSetup = { namesrvAddr, topic: topic.name, library: packageRoot() }
  const command = nodeProgram('../loop/side', nodeOptions)
  const { program } = await ChildProgram.start<string>(command, setup, signal)
  load.except([...pids, program.pid])
  say(name)
  const idle = await program.ask<Blocks>({ what: 'idle' } satisfies SideOrder)
  const blocks = await measure({ ask: order => program.ask<Blocks>(order) })
  load.look()
  await program.stop()
  return { name, ...blocks, idle }
}

interface Side {
  ask(order: SideOrder): Promise<Blocks>
}

function isFine({ worstMs }: Pick<Row, 'worstMs'>): boolean {
  return worstMs < TARGET_MS
}

/** What is typical of each, and the worst. */
function summed(measured: readonly Measured[]): Row[] {
  const names = [...new Set(measured.map(({ name }) => name))]
  return names.map(name => {
    const rounds = measured.filter(row => row.name === name)
    const worstMs = Math.max(...rounds.map(({ longestMs }) => longestMs))
    return { name, worstMs, ...typical(rounds), idle: typical(rounds.map(({ idle }) => idle)) }
  })
}

function typical(rounds: readonly Blocks[]): Blocks {
  const of = (value: (blocks: Blocks) => number): number => median(rounds.map(value))
  return { longestMs: of(each => each.longestMs), p99Ms: of(each => each.p99Ms), cpuMs: of(each => each.cpuMs) }
}

function skipped(why: string): Measured[] {
  say(why)
  return []
}

function formatRows(rows: readonly Row[]): string {
  const head = ['worst', 'longest block, ms', 'p99', 'of its CPU', 'idle: longest', 'p99', 'of its CPU']
  const lines = rows.map(({ name, idle, ...busy }) => {
    const blocks = [busy, idle].flatMap(({ longestMs, p99Ms, cpuMs }) => [longestMs, p99Ms, cpuMs])
    const values = [busy.worstMs, ...blocks]
    const figures = values.map((value, i) => value.toFixed(1).padStart((head[i] as string).length))
    return [name.padEnd(24), ...figures, isFine(busy) ? 'fine' : `ABOVE ${TARGET_MS} ms`].join('  ')
  })
  return [`\n${MESSAGES} messages of 4 MiB each`, [''.padEnd(24), ...head].join('  '), ...lines].join('\n')
}

runScript({ usage: USAGE, read, run })
