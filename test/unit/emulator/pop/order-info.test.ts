import { OrderInfo } from '../../../../lib/emulator/pop/order-info'

const POP = { attemptId: 'a', popTime: 1000, invisibleTime: 500, offsets: [3, 4, 6] }

describe('OrderInfo', () => {
  it('blocks the queue while one of its messages is held', () => {
    const info = new OrderInfo(POP, undefined)
    expect([info.isBlocked('b', 1499), info.isBlocked(undefined, 1499), info.isBlocked('b', 1500)]).toEqual([
      true,
      true,
      false,
    ])
  })

  it('lets the same attempt pass', () => {
    expect(new OrderInfo(POP, undefined).isBlocked('a', 1000)).toBe(false)
    expect(new OrderInfo({ ...POP, attemptId: undefined }, undefined).isBlocked(undefined, 1000)).toBe(true)
  })

  it('commits up to the first message that is not done', () => {
    const info = new OrderInfo(POP, undefined)
    expect([info.ack(4), info.ack(3), info.ack(6)]).toEqual([3, 6, 7])
    expect(info.isBlocked('b', 1000)).toBe(false)
  })

  it('knows nothing of messages that it does not hold', () => {
    expect(new OrderInfo(POP, undefined).ack(5)).toBeUndefined()
  })

  it('is free when the first message that is held is', () => {
    const info = new OrderInfo(POP, undefined)
    expect(info.freeAt(1000)).toBe(1500)
    info.setVisibleTime(3, 9000)
    info.setVisibleTime(99, 1)
    expect(info.freeAt(1000)).toBe(9000)
    info.ack(3)
    expect([info.freeAt(1000), info.freeAt(2000)]).toEqual([1500, 2000])
  })

  it('counts what was given before, and once more what was counted', () => {
    const first = new OrderInfo({ ...POP, offsets: [3, 4] }, undefined)
    const second = new OrderInfo({ ...POP, attemptId: 'b', offsets: [3, 4, 5] }, first)
    const third = new OrderInfo({ ...POP, attemptId: 'c', offsets: [4, 5] }, second)
    expect([first.consumedCounts.size, first.leastCount]).toEqual([0, 0])
    expect([[...second.consumedCounts], second.leastCount]).toEqual([
      [
        [3, 1],
        [4, 1],
      ],
      0,
    ])
    expect([[...third.consumedCounts], third.leastCount]).toEqual([
      [
        [4, 2],
        [5, 1],
      ],
      1,
    ])
  })

  it('does not count the same attempt', () => {
    const first = new OrderInfo(POP, undefined)
    expect(new OrderInfo(POP, first).consumedCounts.size).toBe(0)
  })
})
