import type { ResolvedClientOptions } from '../../../lib/client/client-options'
import { ClientMember } from '../../../lib/client/client-member'
import { deferred } from '../../support/fake-client'
import { ClientSite, consumerOf } from '../../support/client-site'

class Example extends ClientMember<{ told: [what: string] }> {
  readonly stops: number[] = []
  /** What fails in its start, and in what releases what that had taken. */
  readonly failures: { start?: Error; end?: Error } = {}
  /** What its end waits for. */
  closed = Promise.resolve()

  constructor(options: ResolvedClientOptions) {
    super(options, { kind: 'consumer', group: 'g' })
  }

  start(): Promise<void> {
    this.membership.acquire()
    const { start, end } = this.failures
    return this.startOrShutDown(
      () =>
        this.membership.start(consumerOf('g', 'T'), {}, async () => {
          if (start !== undefined) throw start
        }),
      async timeoutMs => {
        this.stops.push(timeoutMs)
        await this.closed
        await this.membership.end()
        if (end !== undefined) throw end
      },
    )
  }

  override shutdown(options: { timeoutMs?: number } = {}): Promise<void> {
    return this.stopWithin(options, 30, async timeoutMs => {
      this.stops.push(timeoutMs)
      await this.closed
      await this.membership.end()
    })
  }

  get hasToTell(): boolean {
    return this.isAlive && this.liveClient !== undefined
  }
}

let site: ClientSite
beforeEach(async () => {
  site = await ClientSite.start()
  site.topic('T')
})
afterEach(() => site.stop())

describe('a member of a client', () => {
  it('has the id of its client from its start on, and runs until it is shut down', async () => {
    const example = new Example(site.options())
    expect([example.clientId, example.isRunning, example.hasToTell]).toEqual([undefined, false, false])
    const started = example.start()
    expect([example.isRunning, example.hasToTell]).toEqual([false, true])
    await started
    expect(example.clientId).toContain('@')
    expect([example.isRunning, example.hasToTell]).toEqual([true, true])
    const stopped = example.shutdown()
    expect([example.isRunning, example.hasToTell]).toEqual([false, false])
    await stopped
  })

  it('releases what a start that fails had taken, and tells of the first failure', async () => {
    const example = new Example(site.options())
    Object.assign(example.failures, { start: new Error('no start'), end: new Error('no end') })
    await expect(example.start()).rejects.toThrow('no start')
    expect([example.stops, example.hasToTell]).toEqual([[1000], false])
  })

  it('is shut down once, by whom it was disposed of', async () => {
    const example = new Example(site.options())
    await example.start()
    await Promise.all([example[Symbol.asyncDispose](), example.shutdown({ timeoutMs: 5 })])
    expect(example.stops).toEqual([30])
  })

  it.each([0, -1, 1.5, NaN, 2 ** 31])('refuses %p as limit of its shutdown, and runs on', async timeoutMs => {
    const example = new Example(site.options())
    await example.start()
    await expect(example.shutdown({ timeoutMs })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    expect(example.isRunning).toBe(true)
    await example.shutdown()
  })

  it('does not wait for ever to release what a start that fails had taken; its shutdown does', async () => {
    const example = new Example(site.options())
    const { promise, resolve } = deferred<undefined>()
    Object.assign(example, { closed: promise })
    example.failures.start = new Error('no start')
    const failed = expect(example.start()).rejects.toThrow('no start')
    while (example.stops.length === 0) await site.clock.advance(0)
    await site.clock.advance(1000)
    await failed
    expect(site.logger.lines.join('\n')).toContain('was not closed within 1000 ms')
    let isShutDown = false
    const stopped = example.shutdown().then(() => (isShutDown = true))
    await site.clock.advance(0)
    expect(isShutDown).toBe(false)
    resolve(undefined)
    await stopped
  })

  it('ends its shutdown 3 s after the limit where it cannot be closed, and says so', async () => {
    const example = new Example(site.options())
    await example.start()
    const { promise, resolve } = deferred<undefined>()
    Object.assign(example, { closed: promise })
    const incomplete = expect(example.shutdown({ timeoutMs: 50 })).rejects.toMatchObject({
      code: 'SHUTDOWN_INCOMPLETE',
      group: 'g',
      message: expect.stringContaining('within 3050 ms'),
    })
    await site.clock.advance(3050)
    await incomplete
    resolve(undefined)
    while (site.nameServer.channels.length > 0) await site.clock.advance(0)
  })

  it('logs a listener of an event that throws', async () => {
    const example = new Example(site.options())
    await example.start()
    example.on('told', () => {
      throw new Error('not today')
    })
    example.emit('told', 'news')
    expect(site.logger.lines.join('\n')).toContain('a listener of an event threw')
    await example.shutdown()
  })
})
