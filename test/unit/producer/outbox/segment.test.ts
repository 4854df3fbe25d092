import files from 'node:fs/promises'
import { Segment } from '../../../../lib/producer/outbox/segment'
import { encodeRecord } from '../../../../lib/producer/outbox/spool-record'
import { spoolFolders, spooled } from '../../../support/spool-setup'

const { fresh } = spoolFolders()
const [one, two] = [spooled({ msgId: 'one' }), spooled({ msgId: 'two' })]
const [first, second] = [encodeRecord(one), encodeRecord(two)]

async function written(): Promise<Segment> {
  const segment = new Segment(files, await fresh(), 7)
  await segment.create()
  await segment.append(first, true)
  await segment.append(second, false)
  return segment
}

describe('a segment', () => {
  it('is known by its name', () => {
    expect(
      ['0000000007.spool', '7.spool', '0000000007.spool.marks', 'rejected-0000000007.spool', 'lock'].map(name =>
        Segment.numberOf(name),
      ),
    ).toEqual([7, undefined, undefined, undefined, undefined])
  })

  it('gives its records back, one by one or all', async () => {
    const segment = await written()
    expect(segment.size).toBe(first.length + second.length)
    expect(await segment.read({ offset: first.length, size: second.length })).toEqual(two)
    const { records, end, fileBytes } = await segment.load()
    expect(records.map(({ message }) => message.msgId)).toEqual(['one', 'two'])
    expect([end, fileBytes]).toEqual([segment.size, segment.size])
    await segment.remove()
  })

  it('tells of a record that is not what it was', async () => {
    const segment = await written()
    await expect(segment.read({ offset: 1, size: first.length })).rejects.toMatchObject({ code: 'OUTBOX_DAMAGED' })
    await segment.close()
  })

  it('keeps marks, and ignores those that are cut off or damaged', async () => {
    const segment = await written()
    await segment.mark([{ offset: 0, mark: 'MAYBE' }])
    await segment.mark([
      { offset: 0, mark: 'DONE' },
      { offset: first.length, mark: 'MAYBE' },
    ])
    const marks = async () => [...(await segment.load()).marks].map(([at, kinds]) => [at, [...kinds]])
    expect(await marks()).toEqual([
      [0, ['MAYBE', 'DONE']],
      [first.length, ['MAYBE']],
    ])
    const bytes = await files.readFile(segment.marksPath)
    bytes.writeUInt8(77, 12)
    await files.writeFile(segment.marksPath, bytes.subarray(0, 23))
    expect(await marks()).toEqual([[0, ['MAYBE']]])
    await segment.remove()
    await expect(files.stat(segment.marksPath)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('is cut off behind its last good record', async () => {
    const segment = await written()
    await segment.truncate(first.length)
    expect((await segment.load()).records).toHaveLength(1)
    await segment.remove()
  })
})
