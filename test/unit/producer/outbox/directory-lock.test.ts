import files from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { lockDirectory } from '../../../../lib/producer/outbox/directory-lock'
import { spoolFolders } from '../../../support/spool-setup'

const { fresh } = spoolFolders()
const LOCKED = expect.objectContaining({ code: 'OUTBOX_LOCKED' }) as unknown
/** Above what systems number their processes with. */
const NOBODY = 0x7ffffffe

async function lockedBy(owner: object | string): Promise<string> {
  const folder = await fresh()
  await files.writeFile(join(folder, 'lock'), typeof owner === 'string' ? owner : JSON.stringify(owner))
  return folder
}

describe('the lock of a folder', () => {
  it('has one owner at a time, and leaves nothing behind', async () => {
    const folder = await fresh()
    const unlock = await lockDirectory(files, folder)
    await expect(lockDirectory(files, folder)).rejects.toEqual(LOCKED)
    expect(await files.readdir(folder)).toEqual(['lock'])
    await unlock()
    expect(await files.readdir(folder)).toEqual([])
    await (
      await lockDirectory(files, folder)
    )()
  })

  it('is taken by one of several who come at once', async () => {
    const folder = await lockedBy({ host: hostname(), pid: NOBODY, began: '', token: 'old' })
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => lockDirectory(files, folder)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it.each([
    ['a process that is gone', { host: hostname(), pid: NOBODY, began: '', token: 'x' }],
    ['a process whose number another one has now', { host: hostname(), pid: process.pid, began: '1', token: 'x' }],
    ['nobody who can be told', 'garbage'],
    ['nobody', ''],
  ])('is taken over from %s', async (_who, owner) => {
    await (
      await lockDirectory(files, await lockedBy(owner))
    )()
  })

  it('is left to those of whom nothing is known, with words on what to do', async () => {
    const folder = await lockedBy({ host: 'elsewhere', pid: NOBODY, began: '', token: 'x' })
    await expect(lockDirectory(files, folder)).rejects.toThrow(
      /in use by process \d+ of host elsewhere.*remove the file lock/,
    )
  })

  it('that another has taken meanwhile is not given back', async () => {
    const folder = await fresh()
    const unlock = await lockDirectory(files, folder)
    await files.writeFile(join(folder, 'lock'), '{"pid":1,"token":"other"}')
    await unlock()
    expect(await files.readdir(folder)).toEqual(['lock'])
  })
})
