import { CommitLog } from '../../../../lib/emulator/store/commit-log'
import { recordBytes } from '../../../support/records'

const SLAB = 1000

function log(maxBytes = 100_000): { log: CommitLog; drops: number[] } {
  const drops: number[] = []
  const made = new CommitLog({ maxBytes, slabBytes: SLAB, onDropped: () => drops.push(made.minOffset) })
  return { log: made, drops }
}

function append(target: CommitLog, bytes = 300): number {
  const offset = target.endOffset
  const empty = recordBytes({ commitLogOffset: offset, body: Buffer.alloc(0) }).length
  target.append(recordBytes({ commitLogOffset: offset, body: Buffer.alloc(bytes - empty) }))
  return offset
}

describe('CommitLog', () => {
  it('gives records consecutive offsets, whatever slab they lie in', () => {
    const { log: target } = log()
    expect([append(target), append(target), append(target), append(target), append(target)]).toEqual([
      0, 300, 600, 900, 1200,
    ])
    expect(target.endOffset).toBe(1500)
  })

  it('finds every record again, in the first slab and in later ones', () => {
    const { log: target } = log()
    const offsets = Array.from({ length: 20 }, () => append(target))
    for (const offset of offsets) expect(target.readRecord(offset)?.length).toBe(300)
  })

  it('takes a record that is larger than a slab', () => {
    const { log: target } = log()
    const offset = append(target, 5000)
    expect(target.readRecord(offset)?.length).toBe(5000)
    expect(target.readRecord(append(target))?.length).toBe(300)
  })

  it('finds no record where none starts, at the end and beyond', () => {
    const { log: target } = log()
    append(target)
    append(target)
    for (const offset of [-1, 1, 299, 301, 600, 10_000, NaN]) expect(target.readRecord(offset)).toBeUndefined()
  })

  it('serves the memory that was written, without copying it', () => {
    const { log: target } = log()
    append(target)
    const [first, again] = [target.read(0, 300), target.read(0, 300)]
    expect(first?.buffer).toBe(again?.buffer)
  })

  it('drops the oldest slab when another would pass the limit, and says so', () => {
    const { log: target, drops } = log(3 * SLAB)
    Array.from({ length: 12 }, () => append(target))
    expect(target.minOffset).toBe(900)
    expect(drops).toEqual([900])
    expect(target.readRecord(0)).toBeUndefined()
    expect(target.readRecord(900)?.length).toBe(300)
  })

  it('keeps the newest slab however small the limit is', () => {
    const { log: target } = log(1)
    const offsets = Array.from({ length: 5 }, () => append(target))
    expect(target.readRecord(offsets.at(-1) as number)?.length).toBe(300)
  })

  it('hands out the rest of a slab, and nothing at the end of the log', () => {
    const { log: target } = log()
    Array.from({ length: 4 }, () => append(target))
    expect(target.readSlab(300)?.length).toBe(600)
    expect(target.readSlab(900)?.length).toBe(300)
    expect(target.readSlab(1200)).toBeUndefined()
  })
})
