import files from 'node:fs/promises'
import { join } from 'node:path'
import { DirectoryLock, STALE_MS } from '../../../../lib/producer/outbox/directory-lock'
import { thisOwner } from '../../../../lib/producer/outbox/lock-owner'
import { ManualClock } from '../../../../lib/runtime/manual-clock'
import { lockTools, spoolFolders, systemError } from '../../../support/spool-setup'

const { fresh } = spoolFolders()
const LOCKED = expect.objectContaining({ code: 'OUTBOX_LOCKED' }) as unknown
/** Above what systems number their processes with. */
const NOBODY = 0x7ffffffe
const ELSEWHERE = { host: 'elsewhere', pid: NOBODY, began: '', space: '', token: 'x' }

async function lockedBy(owner: object | string): Promise<string> {
  const folder = await fresh()
  await files.writeFile(join(folder, 'lock'), typeof owner === 'string' ? owner : JSON.stringify(owner))
  return folder
}

/** Time goes on only for those who sleep. */
class SleepersClock extends ManualClock {
  override async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    await Promise.all([super.sleep(ms, signal), this.advance(ms)])
  }
}

/** Makes the file older, or younger, than it is. */
async function stamp(folder: string, ageMs: number): Promise<void> {
  const path = join(folder, 'lock')
  const { mtimeMs } = await files.stat(path)
  const at = (mtimeMs - ageMs) / 1000
  await files.utimes(path, at, at)
}

describe('the lock of a folder', () => {
  it('has one owner at a time, and leaves nothing behind', async () => {
    const folder = await fresh()
    const lock = await DirectoryLock.take(folder, lockTools())
    await expect(DirectoryLock.take(folder, lockTools())).rejects.toEqual(LOCKED)
    expect(await files.readdir(folder)).toEqual(['lock'])
    await lock.release()
    expect(await files.readdir(folder)).toEqual([])
    await (await DirectoryLock.take(folder, lockTools())).release()
  })

  it('is taken by one of several who come at once', async () => {
    const folder = await lockedBy({ ...(await thisOwner(files)), pid: NOBODY })
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => DirectoryLock.take(folder, lockTools())))
    const taken = outcomes.filter(outcome => outcome.status === 'fulfilled')
    expect([taken.length, await files.readdir(folder)]).toEqual([1, ['lock']])
    await taken[0]?.value.release()
  })

  it('is taken over from a process that is gone, and from nobody', async () => {
    const own = await thisOwner(files)
    for (const owner of [{ ...own, pid: NOBODY }, 'garbage', '']) {
      const lock = await DirectoryLock.take(await lockedBy(owner), lockTools())
      expect(lock.isLost).toBe(false)
      await lock.release()
    }
  })

  it('is taken over at once from an owner elsewhere that has not renewed it for long', async () => {
    const folder = await lockedBy(ELSEWHERE)
    await stamp(folder, STALE_MS)
    await (await DirectoryLock.take(folder, lockTools())).release()
  })

  it('is taken over from one that does not renew it while it is watched, whatever its clock says', async () => {
    for (const ageMs of [1000, -3_600_000]) {
      const folder = await lockedBy(ELSEWHERE)
      await stamp(folder, ageMs)
      const tools = lockTools({}, new SleepersClock())
      const lock = await DirectoryLock.take(folder, tools)
      if (ageMs < 0) expect(tools.clock.monotonic()).toBeGreaterThanOrEqual(STALE_MS)
      else expect(tools.clock.monotonic()).toBeGreaterThan(0)
      await lock.release()
    }
  })

  it('is left to an owner elsewhere that renews it, with words on what to do', async () => {
    const folder = await lockedBy(ELSEWHERE)
    let isRenewed = false
    const stat = (async (path: string) => {
      const found = await files.stat(path)
      if (path === join(folder, 'lock') && !isRenewed) {
        isRenewed = true
        await stamp(folder, 500)
      }
      return found
    }) as unknown as typeof files.stat
    const tools = lockTools({ stat }, new SleepersClock())
    const words = /in use by process \d+ of host elsewhere.*remove the file lock/
    await expect(DirectoryLock.take(folder, tools)).rejects.toThrow(words)
    expect(tools.clock.monotonic()).toBeLessThan(STALE_MS)
  })

  it('is waited for as long as its caller wants', async () => {
    const folder = await lockedBy(ELSEWHERE)
    const tools = lockTools({}, new SleepersClock())
    await expect(DirectoryLock.take(folder, tools, { timeoutMs: 1000 })).rejects.toEqual(LOCKED)
    expect(tools.clock.monotonic()).toBe(1000)
    const signal = AbortSignal.abort()
    const aborted = DirectoryLock.take(folder, lockTools(), { signal })
    await expect(aborted).rejects.toMatchObject({ code: 'ABORTED' })
  })

  it('is renewed, with the same content', async () => {
    const folder = await fresh()
    const tools = lockTools()
    const lock = await DirectoryLock.take(folder, tools)
    const path = join(folder, 'lock')
    const content = await files.readFile(path)
    await stamp(folder, 3_600_000)
    const { mtimeMs: old } = await files.stat(path)
    while ((await files.stat(path)).mtimeMs === old) await tools.clock.advance(2000)
    expect(await files.readFile(path)).toEqual(content)
    await lock.release()
  })

  it('that another has taken meanwhile is lost, told of, and not given back', async () => {
    const folder = await fresh()
    const tools = lockTools()
    const lock = await DirectoryLock.take(folder, tools)
    await files.writeFile(join(folder, 'lock'), JSON.stringify(ELSEWHERE))
    await lock.check()
    await tools.clock.advance(STALE_MS)
    await expect(lock.check()).rejects.toEqual(LOCKED)
    expect([lock.isLost, tools.errors]).toEqual([true, [LOCKED]])
    await lock.release()
    expect(await files.readdir(folder)).toEqual(['lock'])
  })

  it('that was removed is made again; one that cannot be is told of once', async () => {
    const folder = await fresh()
    let isBroken = true
    const open: typeof files.open = (...args) =>
      isBroken && args[1] === 'r+' ? Promise.reject(systemError('EIO')) : files.open(...args)
    const tools = lockTools({ open })
    const lock = await DirectoryLock.take(folder, tools)
    for (let renewals = 0; renewals < 3; renewals++) {
      await tools.clock.advance(STALE_MS)
      await lock.check()
    }
    expect([lock.isLost, tools.errors]).toEqual([
      false,
      [expect.objectContaining({ code: 'OUTBOX_FAILED', cause: expect.objectContaining({ code: 'EIO' }) as unknown })],
    ])
    isBroken = false
    await files.rm(join(folder, 'lock'))
    await tools.clock.advance(STALE_MS)
    await lock.check()
    expect(await files.readdir(folder)).toEqual(['lock'])
    await lock.release()
  })
})
