import { createServer, connect } from 'node:net'
import { once } from 'node:events'
import { ManualClock } from '../../../lib/runtime/manual-clock'

describe('ManualClock', () => {
  it('stands still until it is told to move', async () => {
    const clock = new ManualClock(1_000)
    await new Promise(resolve => setImmediate(resolve))
    expect([clock.now(), clock.monotonic()]).toEqual([1_000, 0])
    await clock.advance(250)
    expect([clock.now(), clock.monotonic()]).toEqual([1_250, 250])
  })

  it('begins at the present where no start is given', () => {
    expect(new ManualClock().now()).toBeGreaterThan(Date.UTC(2020, 0))
  })

  it('runs what falls due in the order of its time, then of its making, each at its own time', async () => {
    const clock = new ManualClock(0)
    const ran: [string, number][] = []
    const note = (name: string) => () => void ran.push([name, clock.monotonic()])
    clock.after(20, note('c'))
    clock.after(10, note('a'))
    clock.after(10, note('b'))
    clock.after(31, note('not yet'))
    await clock.advance(30)
    expect(ran).toEqual([
      ['a', 10],
      ['b', 10],
      ['c', 20],
    ])
  })

  it('runs what a callback makes due in the same advance', async () => {
    const clock = new ManualClock()
    const at: number[] = []
    const again = (): void => {
      at.push(clock.monotonic())
      clock.after(10, again)
    }
    clock.after(10, again)
    await clock.advance(35)
    expect(at).toEqual([10, 20, 30])
  })

  it('never runs what was cancelled, also not by a callback due at the same time', async () => {
    const clock = new ManualClock()
    const ran = jest.fn()
    clock.after(1, () => second.cancel())
    const second = clock.after(1, ran)
    await clock.advance(10)
    expect(ran).not.toHaveBeenCalled()
  })

  it('takes a negative wait for none', async () => {
    const clock = new ManualClock()
    const ran = jest.fn()
    clock.after(-5, ran)
    await clock.advance(0)
    expect(ran).toHaveBeenCalledTimes(1)
    expect(clock.monotonic()).toBe(0)
  })

  it('lets promises settle between one timer and the next', async () => {
    const clock = new ManualClock()
    const order: string[] = []
    const task = async (): Promise<void> => {
      await clock.sleep(10)
      for (let hop = 0; hop < 100; hop++) await Promise.resolve()
      order.push('settled')
    }
    void task()
    clock.after(11, () => order.push('next'))
    await clock.advance(20)
    expect(order).toEqual(['settled', 'next'])
  })

  it('lets a conversation over loopback sockets come to rest', async () => {
    const server = createServer(socket => socket.pipe(socket)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    let echoes = 0
    const socket = connect(port, '127.0.0.1', () => socket.write('x'))
    socket.on('data', () => (++echoes < 10 ? void socket.write('x') : undefined))
    await new ManualClock().advance(0)
    expect(echoes).toBe(10)
    socket.destroy()
    server.close()
  })

  it('tells the wall time to the millisecond, however many timers fell due between two', async () => {
    const clock = new ManualClock(1_700_000_000_000)
    for (let i = 1; i < 20; i++) clock.after(i * 20.1007, () => undefined)
    await clock.advance(500)
    expect(clock.now()).toBe(1_700_000_000_500)
  })

  it('steps the wall clock alone, and timers do not notice', async () => {
    const clock = new ManualClock(0)
    const ran = jest.fn()
    clock.after(1_000, ran)
    clock.stepWallClock(3_600_000)
    await clock.advance(999)
    expect(ran).not.toHaveBeenCalled()
    expect([clock.now(), clock.monotonic()]).toEqual([3_600_999, 999])
  })
})
