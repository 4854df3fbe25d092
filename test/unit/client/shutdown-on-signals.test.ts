import { EventEmitter } from 'node:events'
import {
  type Closable,
  type ShutdownOnSignalsOptions,
  SignalShutdown,
  shutdownOnSignals,
} from '../../../lib/client/shutdown-on-signals'
import { RocketMQError } from '../../../lib/errors'
import { ManualClock } from '../../../lib/runtime/manual-clock'
import { deferred } from '../../support/fake-client'
import { RecordingLogger } from '../../support/recording-log'

/** A process that notes its exit codes. */
class FakeProcess extends EventEmitter {
  readonly exits: number[] = []

  exit(code: number): void {
    this.exits.push(code)
  }
}

function setUp(members: readonly Closable[], options: ShutdownOnSignalsOptions = {}) {
  const [host, clock, logger] = [new FakeProcess(), new ManualClock(), new RecordingLogger()]
  const shutdown = new SignalShutdown(members, { logger, ...options }, { host, clock })
  return { host, clock, logger, shutdown, lines: () => logger.lines.join('\n') }
}

describe('shutdownOnSignals', () => {
  it('shuts members down in their order, each with what is left of the time, and ends the process', async () => {
    const calls: unknown[] = []
    const first = deferred()
    const { host, clock, shutdown } = setUp(
      [
        { shutdown: options => (calls.push(['consumer', options]), first.promise) },
        { shutdown: async options => void calls.push(['producer', options]) },
      ],
      { timeoutMs: 1000 },
    )
    host.emit('SIGTERM', 'SIGTERM')
    expect(calls).toEqual([['consumer', { timeoutMs: 1000 }]])
    await clock.advance(400)
    expect([calls.length, host.exits]).toEqual([1, []])
    first.resolve()
    expect(await shutdown.done).toBe('SIGTERM')
    expect(calls[1]).toEqual(['producer', { timeoutMs: 600 }])
    expect(host.exits).toEqual([143])
    expect(host.eventNames()).toEqual([])
  })

  it('logs what did not finish, and goes on with the others', async () => {
    const incomplete = new RocketMQError('SHUTDOWN_INCOMPLETE', '2 listener calls did not end')
    let isClosed = false
    const { host, shutdown, lines } = setUp([
      { shutdown: () => Promise.reject(incomplete) },
      { shutdown: async () => void (isClosed = true) },
    ])
    host.emit('SIGINT', 'SIGINT')
    await shutdown.done
    expect([isClosed, host.exits]).toEqual([true, [130]])
    expect(lines()).toContain('did not finish error=2 listener calls did not end')
  })

  it('does not wait for ever for a member that takes no notice of its limit', async () => {
    const { host, clock, shutdown, lines } = setUp([{ shutdown: () => new Promise(() => undefined) }], {
      timeoutMs: 500,
    })
    host.emit('SIGTERM', 'SIGTERM')
    await clock.advance(2500)
    await shutdown.done
    expect(host.exits).toEqual([143])
    expect(lines()).toContain('it took longer than it was given')
  })

  it('ends at once at a second signal', async () => {
    const { host } = setUp([{ shutdown: () => new Promise(() => undefined) }])
    host.emit('SIGTERM', 'SIGTERM')
    host.emit('SIGINT', 'SIGINT')
    expect(host.exits).toEqual([130])
  })

  it('leaves the end of the process to the program, where told so', async () => {
    const { host, shutdown } = setUp([], { exit: false, signals: ['SIGUSR2'] })
    host.emit('SIGUSR2', 'SIGUSR2')
    expect([await shutdown.done, host.exits]).toEqual(['SIGUSR2', []])
  })

  it('takes its handlers off', () => {
    const before = process.listenerCount('SIGTERM')
    {
      using shutdown = shutdownOnSignals([])
      expect([shutdown.done instanceof Promise, process.listenerCount('SIGTERM')]).toEqual([true, before + 1])
    }
    expect(process.listenerCount('SIGTERM')).toBe(before)
  })

  it('refuses what cannot be shut down, and signals that there are not', () => {
    const wrong = [
      () => shutdownOnSignals([{} as Closable]),
      () => shutdownOnSignals([], { signals: ['SIGNONSENSE' as NodeJS.Signals] }),
      () => shutdownOnSignals([], { timeoutMs: 0 }),
    ]
    for (const call of wrong) expect(call).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }) as Error)
    expect(process.listenerCount('SIGTERM')).toBe(0)
  })
})
