import { CacheRoom } from '../../../../lib/consumer/lite-pull/cache-room'

describe('the room of all queues together', () => {
  it('ends beyond its limit, and is there again at it', () => {
    const room = new CacheRoom(10)
    room.add(10)
    expect([room.count, room.gate.isOpen]).toEqual([10, true])
    room.add(1)
    expect(room.gate.isOpen).toBe(false)
    room.add(-1)
    expect([room.count, room.gate.isOpen]).toEqual([10, true])
  })

  it('wakes those who wait for it', async () => {
    const room = new CacheRoom(1)
    room.add(5)
    const waiting = room.gate.whenOpen(new AbortController().signal)
    room.add(-5)
    await expect(waiting).resolves.toBeUndefined()
  })
})
