import { ConsumeQueue } from '../../../../lib/emulator/store/consume-queue'

function filled(count: number): ConsumeQueue {
  const queue = new ConsumeQueue('T', 0)
  for (let i = 0; i < count; i++) queue.append(i * 100, { size: 100, tagsCode: ~i, storeTime: 1_800_000_000_000 + i })
  return queue
}

describe('ConsumeQueue', () => {
  it('keeps position, size, hash of tags and time of every message over many chunks', () => {
    const queue = filled(5000)
    expect([queue.minOffset, queue.maxOffset]).toEqual([0, 5000])
    for (const i of [0, 1, 1023, 1024, 4999]) {
      expect([queue.positionOf(i), queue.sizeOf(i), queue.tagsCodeOf(i), queue.storeTimeOf(i)]).toEqual([
        i * 100,
        100,
        ~i,
        1_800_000_000_000 + i,
      ])
    }
  })

  it('forgets what lies before a position and still finds the rest', () => {
    const queue = filled(5000)
    queue.dropBefore(250_000)
    expect(queue.minOffset).toBe(2500)
    expect(queue.positionOf(2500)).toBe(250_000)
    expect(queue.positionOf(4999)).toBe(499_900)
  })

  it('goes on at its old offsets after everything was dropped', () => {
    const queue = filled(2048)
    queue.dropBefore(Infinity)
    expect([queue.minOffset, queue.maxOffset]).toEqual([2048, 2048])
    queue.append(7, { size: 1, tagsCode: 2, storeTime: 3 })
    expect([queue.positionOf(2048), queue.maxOffset]).toEqual([7, 2049])
  })

  it('goes on within a chunk that was dropped in part', () => {
    const queue = filled(1500)
    queue.dropBefore(Infinity)
    queue.append(7, { size: 1, tagsCode: 2, storeTime: 3 })
    expect([queue.minOffset, queue.positionOf(1500)]).toEqual([1500, 7])
  })
})
