import { AdminClient } from '../../lib/index'
import { systemClock } from '../../lib/runtime/clock'
import { randomUint32 } from '../../lib/runtime/random'
import { killHeldChildren } from '../contract/real/child-reaper'
import { heapInUse, leftovers, processListeners, resources } from '../support/leftovers'
import { Faults } from './faults'
import { KINDS, Stream } from './kinds'
import { readSoakOptions, type SoakOptions, USAGE } from './options'
import { Sending } from './sending'
import { startServers } from './servers'

const QUEUES = 4
const THIRDS = 3
/** Memory at the end over that of the first third; a few megabytes come and go with the collector. */
const GROWTH = 1.2
const SLACK_BYTES = 3_000_000
const ARRIVES_WITHIN_MS = 90_000

function say(line: string): void {
  console.log(line)
}

/** Runs the soak; resolves with what is wrong. */
async function soak({ minutes, target, seed }: SoakOptions): Promise<string[]> {
  say(`soak: ${minutes} minutes on ${target === 'real' ? 'RocketMQ 5.5.0' : 'the emulator'}, seed ${seed}`)
  const servers = await startServers(target)
  const before = { resources: resources(), listeners: processListeners() }
  const { namesrvAddr } = servers
  const streams = KINDS.map(kind => new Stream(kind, namesrvAddr))
  await createTopics(namesrvAddr, streams)
  const faults = await Faults.begin({ streams, servers, seed, say })
  const sendings = await Promise.all(streams.map(stream => Sending.to(stream, namesrvAddr)))
  const heaps: number[] = []
  for (let third = 0; third < THIRDS; third++) {
    await systemClock.sleep((minutes * 60_000) / THIRDS)
    heaps.push(await heapInUse())
    say(
      `  ${((minutes * (third + 1)) / THIRDS).toFixed(1)} min: heap ${mebibytes(heaps.at(-1) ?? 0)}, ${faults.count} faults`,
    )
  }
  await faults.stop()
  await Promise.all(sendings.map(sending => sending.stop()))
  await allArrived(streams)
  await faults.shutdown()
  const open = await leftovers(before.resources)
  const defects = [...streams.flatMap(defectsOf), ...growthOf(heaps), ...open.map(what => `left open: ${what}`)]
  if (processListeners() > before.listeners)
    defects.push(`${processListeners() - before.listeners} listeners of process are left`)
  await servers.stop()
  return defects
}

async function createTopics(namesrvAddr: string, streams: readonly Stream[]): Promise<void> {
  const admin = new AdminClient({ namesrvAddr })
  await admin.start()
  for (const { topic } of streams) await admin.createTopic({ topic, readQueueNums: QUEUES, writeQueueNums: QUEUES })
  const popped = streams.filter(({ kind }) => kind === 'popped')
  for (const { topic, group } of popped) await admin.setMessageRequestMode(topic, group, 'POP')
  await admin.shutdown()
}

async function allArrived(streams: readonly Stream[]): Promise<void> {
  const deadline = systemClock.monotonic() + ARRIVES_WITHIN_MS
  while (streams.some(({ ledger }) => ledger.missing > 0) && systemClock.monotonic() < deadline) {
    await systemClock.sleep(100)
  }
}

function defectsOf({ kind, ledger, order, reports }: Stream): string[] {
  const { counts } = ledger
  const told = Array.from(reports, ([code, { count, first }]) => `\n    ${count} ${code}, such as: ${first}`).join('')
  const { acknowledged, failed, repeated, missing } = counts
  say(
    `  ${kind}: ${acknowledged} acknowledged, ${failed} failed, ${repeated} repeated, ${missing} lost; told ${told || 'nothing'}`,
  )
  const lost = missing > 0 ? [`${kind}: ${missing} messages are lost`] : []
  const disorder =
    order.faults.length > 0 ? [`${kind}: ${order.faults.length} times out of order: ${order.faults[0]}`] : []
  return [...lost, ...disorder, ...(acknowledged === 0 ? [`${kind}: nothing was sent`] : [])]
}

function growthOf(heaps: readonly number[]): string[] {
  const [first = 0, last = 0] = [heaps[0], heaps.at(-1)]
  if (last <= first * GROWTH + SLACK_BYTES) return []
  return [`memory grew: ${heaps.map(mebibytes).join(', ')}`]
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`
}

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    say(USAGE)
    return 0
  }
  let options: SoakOptions
  try {
    options = readSoakOptions(args, randomUint32())
  } catch (error) {
    say(`${String(error)}\n\n${USAGE}`)
    return 2
  }
  const defects = await soak(options)
  say(
    defects.length === 0
      ? 'soak: nothing lost, memory flat, nothing left open'
      : `soak failed:\n  ${defects.join('\n  ')}`,
  )
  return defects.length === 0 ? 0 : 1
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    killHeldChildren()
    process.exit(130)
  })
}
// Whoever ends without a verdict has failed.
process.exitCode = 1
void main(process.argv.slice(2)).then(
  code => process.exit(code),
  (error: unknown) => {
    console.error(error)
    killHeldChildren()
    process.exit(1)
  },
)
