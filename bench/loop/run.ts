import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { packageRoot } from '../../test/support/package-root'
import type { CompressionType } from '../../lib/model/sys-flag'
import { systemClock } from '../../lib/runtime/clock'
import { ChildProgram, nodeProgram } from '../child-program'
import { OtherLoad } from '../other-load'
import { writeResult } from '../results'
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
const USAGE = `usage: npm run bench:loop [-- --cpu-prof DIR]

Measures how long the event loop is blocked at most while messages of 4 MiB are compressed for sending, and while such
messages are received, beside the idle loop of the same process. The target is ${TARGET_MS} ms.`

/** One line of what is told. */
interface Row extends Blocks {
  readonly name: string
  /** Of the idle loop, just before. */
  readonly idle: Blocks
}

/** Where rows are measured. */
interface Place {
  readonly target: BenchTarget
  readonly topic: BenchTopic
  readonly load: OtherLoad
  readonly nodeOptions: readonly string[]
  readonly signal: AbortSignal
}

/** Options of Node.js for the process that is measured. */
function read(args: readonly string[]): string[] {
  const { values } = parseArgs({ args: [...args], options: { 'cpu-prof': { type: 'string' } } })
  const folder = values['cpu-prof']
  return folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${resolve(folder)}`]
}

async function run(nodeOptions: readonly string[], signal: AbortSignal): Promise<number> {
  const load = new OtherLoad()
  const target = await openTarget({ target: 'emulator', library: packageRoot(), brokerConf: undefined, signal })
  const rows: Row[] = []
  try {
    for (const type of TYPES) {
      const topic = await BenchTopic.create(target.namesrvAddr)
      const place = { target, topic, load, nodeOptions, signal }
      rows.push(...(await sending(type, place)), ...(await consuming(type, place)))
      await topic.close({ remove: true })
    }
  } finally {
    await target.stop()
  }
  say(formatRows(rows))
  say(load.told())
  const result = { kind: 'loop', rows, others: load.told() }
  return say(`written to ${writeResult('loop', result, new Date(systemClock.now()))}`)
}

async function sending(type: CompressionType, place: Place): Promise<Row[]> {
  const isNative = 'zstdCompressSync' in (await import('node:zlib'))
  if (type === 'ZSTD' && !isNative) return skipped(`sending ZSTD is not measured: Node.js ${process.version} has none`)
  return [await row(`compress and send, ${type}`, place, side => side.ask({ what: 'send', type, count: MESSAGES }))]
}

async function consuming(type: CompressionType, place: Place): Promise<Row[]> {
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
async function row(name: string, place: Place, measure: (side: Side) => Promise<Blocks>): Promise<Row> {
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

function skipped(why: string): Row[] {
  say(why)
  return []
}

function formatRows(rows: readonly Row[]): string {
  const head = ['longest block, ms', 'p99', 'of its CPU', 'idle: longest', 'p99', 'of its CPU']
  const lines = rows.map(({ name, idle, ...busy }) => {
    const values = [busy, idle].flatMap(({ longestMs, p99Ms, cpuMs }) => [longestMs, p99Ms, cpuMs])
    const figures = values.map((value, i) => value.toFixed(1).padStart((head[i] as string).length))
    return [name.padEnd(24), ...figures, busy.longestMs < TARGET_MS ? 'fine' : `ABOVE ${TARGET_MS} ms`].join('  ')
  })
  return [`\n${MESSAGES} messages of 4 MiB each`, [''.padEnd(24), ...head].join('  '), ...lines].join('\n')
}

runScript({ usage: USAGE, read, run })
