import { createPool } from '../../../lib/runtime/pool'

describe('a pool', () => {
  it('lends no more than it may make, each to one at a time', async () => {
    let made = 0
    const ended: number[] = []
    const create = () => Promise.resolve(++made)
    const destroy = (each: number) => Promise.resolve(void ended.push(each))
    const pool = createPool({ create, destroy }, { max: 1 })
    const first = await pool.acquire()
    const second = pool.acquire()
    await pool.release(first)
    expect([await second, made]).toEqual([1, 1])
    await pool.release(1)
    await pool.drain()
    await pool.clear()
    expect(ended).toEqual([1])
  })
})
