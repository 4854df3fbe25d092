import files from 'node:fs/promises'
import { join } from 'node:path'
import { openSpool } from '../../../../lib/producer/outbox/open-spool'
import { lockTools, openedSpool, spoolFolders, spooled, systemError } from '../../../support/spool-setup'

const { fresh, afterCrash } = spoolFolders()
const FILE = '0000000001.spool'

/** A folder as a crash leaves it: one file with messages 1 and 2, and a second one with 3. */
async function crashed(): Promise<string> {
  const directory = await fresh()
  const { spool } = await openedSpool({ directory, segmentBytes: 4096 })
  await spool.append([1, 2].map(n => spooled({ msgId: String(n), body: Buffer.alloc(2000) })))
  await spool.append([spooled({ msgId: '3' })])
  const left = await afterCrash(directory)
  await spool.close()
  return left
}

async function idsIn(directory: string) {
  const { lock, entries, problems, ...rest } = await openSpool(directory, lockTools())
  const messages = await Promise.all(entries.map(({ segment, offset, size }) => segment.read({ offset, size })))
  await lock.release()
  return {
    ids: messages.map(({ msgId }) => msgId),
    maybe: entries.map(({ maybeSent }) => maybeSent),
    problems,
    ...rest,
  }
}

describe('opening a spool', () => {
  it('makes the folder where there is none', async () => {
    const directory = join(await fresh(), 'a', 'b')
    expect(await idsIn(directory)).toMatchObject({ ids: [], nextNumber: 1, rejectedBytes: 0 })
  })

  it('makes folders that last', async () => {
    const root = await fresh()
    const opened: unknown[] = []
    const open: typeof files.open = (path, ...rest) => {
      opened.push(path)
      return files.open(path, ...rest)
    }
    const { lock } = await openSpool(join(root, 'a', 'b'), lockTools({ open }))
    await lock.release()
    expect(opened).toEqual(expect.arrayContaining([join(root, 'a'), root]))
  })

  it('finds after a crash all that waited, in order, each a possible duplicate', async () => {
    expect(await idsIn(await crashed())).toMatchObject({
      ids: ['1', '2', '3'],
      maybe: [true, true, true],
      problems: [],
      nextNumber: 3,
    })
  })

  it('cuts the torn end off the last file, and says nothing of it', async () => {
    const directory = await crashed()
    const path = join(directory, '0000000002.spool')
    const whole = await files.readFile(path)
    for (const torn of [whole.subarray(0, 10), Buffer.alloc(500)]) {
      await files.appendFile(path, torn)
      expect(await idsIn(directory)).toMatchObject({ ids: ['1', '2', '3'], problems: [] })
      expect(await files.readFile(path)).toEqual(whole)
    }
  })

  it('tells of a last record that is whole and not what it was, and keeps it', async () => {
    for (const at of [1, 40]) {
      const directory = await crashed()
      const path = join(directory, '0000000002.spool')
      const bytes = await files.readFile(path)
      bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
      await files.writeFile(path, bytes)
      const { ids, problems } = await idsIn(directory)
      expect([ids, problems]).toEqual([['1', '2'], [expect.objectContaining({ code: 'OUTBOX_DAMAGED' })]])
      expect((await files.readFile(path)).equals(bytes)).toBe(true)
    }
  })

  it('skips what cannot be read of an earlier file, tells of it and keeps the file', async () => {
    const directory = await crashed()
    const path = join(directory, FILE)
    const bytes = await files.readFile(path)
    bytes.writeUInt8(bytes.readUInt8(100) ^ 1, 100)
    await files.writeFile(path, bytes)
    const { ids, problems } = await idsIn(directory)
    expect(ids).toEqual(['2', '3'])
    expect(problems).toEqual([expect.objectContaining({ code: 'OUTBOX_DAMAGED' })])
    expect(problems[0]?.message).toContain(path)
    expect((await files.readFile(path)).equals(bytes)).toBe(true)
  })

  it('tells of an earlier file that ends too early', async () => {
    const directory = await crashed()
    await files.truncate(join(directory, FILE), 2500)
    const { ids, problems } = await idsIn(directory)
    expect([ids, problems.length]).toEqual([['1', '3'], 1])
  })

  it('remembers a crash through a good end of those who did not send what was left', async () => {
    const directory = await crashed()
    await (await openedSpool({ directory })).spool.close()
    expect(await idsIn(directory)).toMatchObject({ ids: ['1', '2', '3'], maybe: [true, true, true], problems: [] })
  })

  it('does not call its own end a good one where a crash could not be noted', async () => {
    const directory = await crashed()
    const opened = await openedSpool({ directory }, { appendFile: () => Promise.reject(systemError('ENOSPC')) })
    expect(opened.errors.map(({ code }) => code)).toEqual(['OUTBOX_FAILED', 'OUTBOX_FAILED'])
    await opened.spool.close()
    expect((await idsIn(directory)).maybe).toEqual([true, true, true])
  })

  it('counts what was rejected', async () => {
    const directory = await fresh()
    await files.writeFile(join(directory, 'rejected-0000000001.spool'), '12345')
    expect((await idsIn(directory)).rejectedBytes).toBe(5)
  })

  it('fails with the cause, and without a lock, where the folder cannot be read', async () => {
    const directory = await fresh()
    const readdir = (() => Promise.reject(systemError('EIO'))) as unknown as typeof files.readdir
    await expect(openSpool(directory, lockTools({ readdir }))).rejects.toMatchObject({
      code: 'OUTBOX_FAILED',
      cause: { code: 'EIO' },
    })
    expect(await files.readdir(directory)).toEqual([])
  })
})
