import files from 'node:fs/promises'
import { join } from 'node:path'
import { readIfThere, readPart, syncFolder, syncPath } from '../../../../lib/producer/outbox/spool-files'
import { spoolFolders, systemError } from '../../../support/spool-setup'

const { fresh } = spoolFolders()

describe('files of a spool', () => {
  it('are read in part, up to their end', async () => {
    const path = join(await fresh(), 'file')
    await files.writeFile(path, '0123456789')
    expect((await readPart(files, path, { offset: 3, size: 4 })).toString()).toBe('3456')
    expect((await readPart(files, path, { offset: 8, size: 4 })).toString()).toBe('89')
  })

  it('may be missing, but not be unreadable', async () => {
    const folder = await fresh()
    expect(await readIfThere(files, join(folder, 'none'))).toBeUndefined()
    await expect(readIfThere(files, folder)).rejects.toMatchObject({ code: 'EISDIR' })
  })

  it('are forced to the disk; systems that cannot do so with folders are let be', async () => {
    const folder = await fresh()
    await syncFolder(files, folder)
    const failing = (code: string) => ({ ...files, open: () => Promise.reject(systemError(code)) })
    await syncFolder(failing('EISDIR'), folder)
    await expect(syncFolder(failing('EIO'), folder)).rejects.toMatchObject({ code: 'EIO' })
    await expect(syncPath(failing('EISDIR'), folder)).rejects.toMatchObject({ code: 'EISDIR' })
  })
})
