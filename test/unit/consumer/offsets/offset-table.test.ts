import { OffsetTable } from '../../../../lib/consumer/offsets/offset-table'
import { queuesOf } from '../../../support/allocation'

const [q0, q1] = queuesOf(2) as [(typeof queues)[0], (typeof queues)[0]]
const queues = queuesOf(2)
const UP = { increaseOnly: true }
const ANY = { increaseOnly: false }

describe('a table of offsets', () => {
  it('knows a queue by what it is, not by the object', () => {
    const table = new OffsetTable()
    table.update(q0, 5, ANY)
    expect(table.get({ ...q0 })).toBe(5)
    expect(table.get(q1)).toBeUndefined()
    table.remove({ ...q0 })
    expect(table.get(q0)).toBeUndefined()
    table.update({ ...q0 }, 3, UP)
    expect(table.get(q0)).toBe(3)
  })

  it('only raises offsets where that is wanted', () => {
    const table = new OffsetTable()
    table.update(q0, 5, UP)
    table.update(q0, 4, UP)
    expect(table.get(q0)).toBe(5)
    table.update(q0, 4, ANY)
    expect(table.get(q0)).toBe(4)
    table.update(q0, 6, UP)
    expect(table.get(q0)).toBe(6)
  })

  it('hands out once what has changed, of the queues that are asked for', () => {
    const table = new OffsetTable()
    table.update(q0, 5, ANY)
    table.update(q1, 7, ANY)
    expect(table.takeDirty([q0])).toEqual([{ queue: q0, offset: 5 }])
    expect(table.takeDirty([q0])).toEqual([])
    table.update(q0, 5, ANY)
    expect(table.takeDirty([q0])).toEqual([])
    table.update(q0, 6, ANY)
    expect(table.takeDirty(queues).map(({ offset }) => offset)).toEqual([6, 7])
  })

  it('hands out again what could not be written, at its newest', () => {
    const table = new OffsetTable()
    table.update(q0, 5, ANY)
    table.takeDirty([q0])
    table.update(q0, 6, ANY)
    table.markDirty(q0)
    table.markDirty(q1)
    expect(table.takeDirty(queues)).toEqual([{ queue: q0, offset: 6 }])
  })

  it('keeps a frozen offset until the queue is removed', () => {
    const table = new OffsetTable()
    table.update(q0, 50, ANY)
    table.freeze(q0, 10)
    table.update(q0, 51, UP)
    table.update(q0, 51, ANY)
    expect(table.get(q0)).toBe(10)
    expect(table.takeDirty([q0])).toEqual([{ queue: q0, offset: 10 }])
    table.remove(q0)
    expect(table.get(q0)).toBeUndefined()
    table.update(q0, 11, UP)
    expect(table.get(q0)).toBe(11)
  })

  it('keeps the offset when it is no longer frozen', () => {
    const table = new OffsetTable()
    table.freeze(q0, 10)
    table.unfreeze(q0)
    table.unfreeze(q1)
    expect(table.get(q0)).toBe(10)
    table.update(q0, 12, UP)
    expect(table.entries()).toEqual([[q0, 12]])
  })
})
