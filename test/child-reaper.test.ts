import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import { systemClock } from '../lib/runtime/clock'

const ROOT = join(__dirname, '..')

async function idsPrintedBy(holder: ChildProcess): Promise<number[]> {
  if (holder.stdout === null) throw new Error('the holder has no output')
  for await (const line of createInterface({ input: holder.stdout })) {
    if (line.startsWith('held ')) return line.trim().split(' ').slice(1).map(Number)
  }
  throw new Error('the holder printed no ids')
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** They are nobody's children any more, so that nothing tells of their end: they are asked for. */
async function ended(pids: readonly number[]): Promise<boolean> {
  const deadline = systemClock.monotonic() + 10_000
  while (pids.some(isAlive) && systemClock.monotonic() < deadline) await systemClock.sleep(10)
  return !pids.some(isAlive)
}

describe('killWithParent', () => {
  it.each(['SIGKILL', 'SIGINT', 'SIGTERM'] as const)(
    'ends children and groups of a process ended by %s',
    async signal => {
      const args = ['scripts/ts.mjs', 'test/support/hold-sleeper.ts']
      const holder = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] })
      const pids = await idsPrintedBy(holder)
      expect(pids.map(isAlive)).toEqual([true, true, true])
      holder.kill(signal)
      await once(holder, 'exit')
      expect(await ended(pids)).toBe(true)
    },
  )
})
