import files, { type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { SpoolEntry } from '../../../../lib/producer/outbox/spool-entry'
import type { SpoolFs } from '../../../../lib/producer/outbox/spool-files'
import fc from '../../../support/property'
import { answered } from '../../../support/until'
import { type OpenedForTest, openedSpool, spoolFolders, spooled, systemError } from '../../../support/spool-setup'

const { fresh, afterCrash } = spoolFolders()
const named = (msgId: string, bytes = 10) => spooled({ msgId, body: Buffer.alloc(bytes, msgId) })

/** Files whose handles do something else. */
function handles(change: (handle: FileHandle) => void): Partial<SpoolFs> {
  const open = async (...args: Parameters<typeof files.open>): Promise<FileHandle> => {
    const handle = await files.open(...args)
    if (args[1] === 'wx') change(handle)
    return handle
  }
  return { open }
}

async function idsOf({ spool, entries }: OpenedForTest): Promise<string[]> {
  return (await Promise.all(entries.map(entry => spool.read(entry)))).map(({ msgId }) => msgId)
}

/** What the next process finds, after a crash or after `close`. */
async function foundIn(directory: string) {
  const opened = await openedSpool({ directory })
  const found = {
    ids: await idsOf(opened),
    maybe: opened.entries.map(({ maybeSent }) => maybeSent),
    errors: opened.errors,
  }
  const after = await afterCrash(directory)
  await opened.spool.close()
  return { ...found, after }
}

describe('a spool', () => {
  it('keeps what was appended through a crash, and what was done is gone', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ count: fc.integer({ min: 1, max: 4 }), bytes: fc.nat(3000), wait: fc.boolean() }), {
          maxLength: 8,
        }),
        fc.array(fc.boolean(), { minLength: 32, maxLength: 32 }),
        async (appends, done) => {
          const directory = await fresh()
          const opened = await openedSpool({ directory, segmentBytes: 4096, fsync: 'never' })
          const given: string[] = []
          const pending: Promise<void>[] = []
          for (const { count, bytes, wait } of appends) {
            const messages = Array.from({ length: count }, (_, n) => named(`${given.length + n}`, bytes))
            given.push(...messages.map(({ msgId }) => msgId))
            pending.push(opened.spool.append(messages))
            if (wait) await Promise.all(pending)
          }
          await Promise.all(pending)
          expect(await idsOf(opened)).toEqual(given)
          opened.entries.forEach((entry, i) => void (done[i] === true && opened.spool.done(entry)))
          await opened.spool.settled()
          const left = given.filter((_, i) => done[i] !== true)
          expect(opened.spool.messages).toBe(left.length)
          const afterwards = await afterCrash(directory)
          await opened.spool.close()
          expect(await foundIn(afterwards)).toMatchObject({ ids: left, maybe: left.map(() => true), errors: [] })
          expect(await foundIn(directory)).toMatchObject({ ids: left, maybe: left.map(() => false), errors: [] })
        },
      ),
      { numRuns: 25 },
    )
  })

  it('loses nothing that it had told of, wherever a crash cuts off its last file', async () => {
    const directory = await fresh()
    const { spool } = await openedSpool({ directory })
    await spool.append([named('1')])
    const { size } = await files.stat(join(directory, '0000000001.spool'))
    await spool.append([named('2')])
    const cut = await afterCrash(directory)
    await spool.close()
    const path = join(cut, '0000000001.spool')
    const whole = await files.readFile(path)
    for (let end = size; end <= whole.length; end += 7) {
      await files.writeFile(path, whole.subarray(0, end))
      const opened = await openedSpool({ directory: cut })
      expect([await idsOf(opened), opened.errors]).toEqual([['1'], []])
      await opened.spool.close()
      await files.rm(join(cut, 'clean'))
    }
  })

  it('marks what may have been sent, for those who come later', async () => {
    const directory = await fresh()
    const opened = await openedSpool({ directory })
    await opened.spool.append([named('1'), named('2')])
    opened.spool.maybeSent(opened.entries[1] as (typeof opened.entries)[0])
    await opened.spool.close()
    expect(await foundIn(directory)).toMatchObject({ ids: ['1', '2'], maybe: [false, true] })
  })

  it('forces to the disk what comes together by one call, and before anybody hears of it', async () => {
    const syncs: string[] = []
    const fakes = handles(handle => {
      const { sync } = handle
      handle.sync = () => {
        syncs.push('sync')
        return sync.call(handle)
      }
    })
    const { spool, entries } = await openedSpool({ directory: await fresh() }, fakes)
    const together = Array.from({ length: 50 }, (_, n) => spool.append([named(String(n))]))
    await Promise.race(together)
    expect([syncs, entries.length]).toEqual([['sync'], 50])
    await Promise.all(together)
    await spool.close()
  })

  it('forces to the disk every now and then where that is asked for, and else not', async () => {
    for (const [fsync, expected] of [
      ['interval', 1],
      ['never', 0],
    ] as const) {
      let syncs = 0
      const fakes = handles(handle => (handle.sync = async () => void syncs++))
      const { spool, clock } = await openedSpool({ directory: await fresh(), fsync, fsyncIntervalMs: 500 }, fakes)
      await spool.append([named('1')])
      await spool.append([named('2')])
      expect(syncs).toBe(0)
      await clock.advance(500)
      await spool.settled()
      expect(syncs).toBe(expected)
      await spool.close()
    }
  })

  it('is full at its bounds, and takes messages again when others have left', async () => {
    const { spool, entries } = await openedSpool({ directory: await fresh(), maxBytes: 5000, maxMessages: 2 })
    await expect(spool.append([named('large', 5000)])).rejects.toMatchObject({ code: 'OUTBOX_FULL', retriable: true })
    const [first, second, third] = await Promise.allSettled(['1', '2', '3'].map(id => spool.append([named(id)])))
    expect([first?.status, second?.status, third]).toEqual([
      'fulfilled',
      'fulfilled',
      { status: 'rejected', reason: expect.objectContaining({ code: 'OUTBOX_FULL' }) as unknown },
    ])
    for (const entry of [...entries]) spool.done(entry)
    await spool.settled()
    expect([spool.bytes, spool.messages]).toEqual([0, 0])
    await spool.append([named('4')])
    await spool.close()
  })

  it('has room again when files of rejected messages were removed', async () => {
    const directory = await fresh()
    const { spool, entries } = await openedSpool({ directory, maxBytes: 5000 })
    await spool.append([named('1', 4000)])
    const entry = entries[0] as SpoolEntry
    const path = await spool.reject(entry, await spool.read(entry))
    await expect(spool.append([named('2', 4000)])).rejects.toThrow(/4\d{3} of them of rejected/)
    await files.rm(path)
    const append = async (): Promise<boolean> => {
      await new Promise(resolve => setImmediate(resolve))
      return spool.append([named('2', 4000)]).then(
        () => true,
        () => false,
      )
    }
    await answered(append, isTaken => isTaken, { what: 'room in the spool' })
    await spool.close()
  })

  it.each(['ENOSPC', 'EIO'])('fails what it could not write for %s, keeps the rest and goes on', async code => {
    const directory = await fresh()
    let failing = false
    const fakes = handles(handle => {
      const { sync } = handle
      handle.sync = () => (failing ? Promise.reject(systemError(code)) : sync.call(handle))
    })
    const opened = await openedSpool({ directory }, fakes)
    await opened.spool.append([named('1')])
    failing = true
    await expect(opened.spool.append([named('2')])).rejects.toMatchObject({ code: 'OUTBOX_FAILED', cause: { code } })
    failing = false
    await opened.spool.append([named('3')])
    expect(await idsOf(opened)).toEqual(['1', '3'])
    const left = await afterCrash(directory)
    await opened.spool.close()
    expect((await foundIn(left)).ids).toEqual(['1', '3'])
  })

  it('goes on in another file where the end of one is not known any more', async () => {
    const directory = await fresh()
    let broken = false
    const fakes = handles(handle => {
      const { write } = handle
      handle.write = (async (bytes: Buffer, ...place: [number, number, number]) => {
        const written = (to: number) => Reflect.apply(write, handle, [bytes, place[0], to, place[2]]) as unknown
        if (!broken) return written(place[1])
        await written(20)
        throw systemError('EIO')
      }) as unknown as FileHandle['write']
      handle.truncate = () => Promise.reject(systemError('EIO'))
    })
    const opened = await openedSpool({ directory }, fakes)
    await opened.spool.append([named('1')])
    broken = true
    await expect(opened.spool.append([named('2')])).rejects.toMatchObject({ code: 'OUTBOX_FAILED' })
    broken = false
    await opened.spool.append([named('3')])
    const left = await afterCrash(directory)
    await opened.spool.close()
    expect((await foundIn(left)).ids).toEqual(['1', '3'])
  })

  it('tells of marks that it could not write: what was sent is marked for those who come later', async () => {
    const directory = await fresh()
    const opened = await openedSpool({ directory }, { appendFile: () => Promise.reject(systemError('ENOSPC')) })
    await opened.spool.append([named('1'), named('2')])
    opened.spool.done(opened.entries[0] as SpoolEntry)
    await opened.spool.close()
    expect(opened.errors).toEqual([expect.objectContaining({ code: 'OUTBOX_FAILED' })])
    expect(await foundIn(directory)).toMatchObject({ ids: ['1', '2'], maybe: [true, true] })
  })

  it.each(['a crash', 'a full disk'])('notes what was sent behind marks that were cut off by %s', async why => {
    const crashed = await fresh()
    const first = await openedSpool({ directory: crashed })
    await first.spool.append(['1', '2', '3', '4'].map(id => named(id)))
    first.spool.done(first.entries[0] as SpoolEntry)
    await first.spool.settled()
    const directory = await afterCrash(crashed)
    await first.spool.close()
    await files.appendFile(join(directory, '0000000001.spool.marks'), Buffer.alloc(3))
    let isFull = why === 'a full disk'
    const appendFile = async (path: string, bytes: Buffer): Promise<void> => {
      if (!isFull) return files.appendFile(path, bytes)
      await files.appendFile(path, bytes.subarray(0, 5))
      throw systemError('ENOSPC')
    }
    const second = await openedSpool({ directory }, { appendFile: appendFile as SpoolFs['appendFile'] })
    isFull = false
    second.spool.done(second.entries[0] as SpoolEntry)
    await second.spool.close()
    const third = await openedSpool({ directory })
    expect([await idsOf(third), third.entries.map(({ maybeSent }) => maybeSent)]).toEqual([
      ['3', '4'],
      [true, true],
    ])
    third.spool.done(third.entries[0] as SpoolEntry)
    await third.spool.close()
    expect(await foundIn(directory)).toMatchObject({ ids: ['4'], maybe: [true], errors: [] })
  })

  it('takes what may have been sent for sent where a mark is damaged', async () => {
    const directory = await fresh()
    const opened = await openedSpool({ directory })
    await opened.spool.append([named('1'), named('2')])
    opened.spool.done(opened.entries[0] as SpoolEntry)
    await opened.spool.close()
    const path = join(directory, '0000000001.spool.marks')
    const bytes = await files.readFile(path)
    bytes.writeUInt8(bytes.readUInt8(7) ^ 1, 7)
    await files.writeFile(path, bytes)
    expect(await foundIn(directory)).toMatchObject({ ids: ['1', '2'], maybe: [true, true] })
  })

  it('does not take marks that a crash has left for marks on what it writes', async () => {
    const directory = await fresh()
    const former = await openedSpool({ directory })
    await former.spool.append([named('1'), named('2')])
    former.spool.done(former.entries[0] as SpoolEntry)
    await former.spool.settled()
    const left = await afterCrash(directory)
    await former.spool.close()
    // Records go first when a file is removed.
    await files.rm(join(left, '0000000001.spool'))
    const { spool } = await openedSpool({ directory: left })
    await spool.append([named('3')])
    await spool.close()
    expect((await foundIn(left)).ids).toEqual(['3'])
  })

  it('tells nobody of messages in files that are not there any more', async () => {
    const directory = await fresh()
    const { spool } = await openedSpool({ directory })
    await spool.append([named('1')])
    await files.rm(directory, { recursive: true })
    const failed = { code: 'OUTBOX_FAILED', cause: { code: 'ENOENT' } }
    await expect(spool.append([named('2')])).rejects.toMatchObject(failed)
    await expect(spool.append([named('3')])).rejects.toMatchObject(failed)
    await files.mkdir(directory)
    await spool.append([named('4')])
    const left = await afterCrash(directory)
    await spool.close()
    expect((await foundIn(left)).ids).toEqual(['4'])
  })

  it('puts a message aside in a file of the same form, which can be named like the others to be sent again', async () => {
    const directory = await fresh()
    const opened = await openedSpool({ directory })
    await opened.spool.append([named('1'), named('2')])
    const [entry] = opened.entries as [SpoolEntry]
    const path = await opened.spool.reject(entry, await opened.spool.read(entry))
    expect(opened.spool.messages).toBe(1)
    await opened.spool.close()
    expect((await foundIn(directory)).ids).toEqual(['2'])
    await files.rename(path, join(directory, '0000000009.spool'))
    expect((await foundIn(directory)).ids).toEqual(['2', '1'])
  })

  it('takes nothing once it is closed, as the folder may be of another, and finishes what it has taken', async () => {
    const directory = await fresh()
    const { spool } = await openedSpool({ directory })
    const taken = spool.append([named('1')])
    const closed = spool.close()
    await expect(spool.append([named('2')])).rejects.toMatchObject({ code: 'INVALID_STATE' })
    await Promise.all([taken, closed])
    expect((await foundIn(directory)).ids).toEqual(['1'])
  })

  it('leaves no file behind but that of a good end where nothing waits', async () => {
    const directory = await fresh()
    const { spool, entries } = await openedSpool({ directory })
    await spool.append([named('1')])
    spool.done(entries[0] as SpoolEntry)
    await spool.close()
    expect(await files.readdir(directory)).toEqual(['clean'])
  })
})
