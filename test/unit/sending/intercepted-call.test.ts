import { RocketMQError } from '../../../lib/errors'
import type { Interceptor } from '../../../lib/runtime/interceptors'
import { ManualClock } from '../../../lib/runtime/manual-clock'
import { runIntercepted } from '../../../lib/sending/intercepted-call'

type Test = Interceptor<object, string>
const never = (): Promise<never> => new Promise(() => undefined)

function setup(interceptor: Test, step: (leftMs: number) => Promise<string>, signal?: AbortSignal) {
  const clock = new ManualClock()
  const result = runIntercepted({
    interceptors: [interceptor],
    context: {},
    step,
    name: 'the send',
    topic: 'T',
    clock,
    timeoutMs: 1000,
    timeoutCode: 'SEND_TIMEOUT',
    signal,
  })
  let outcome: unknown
  result.then(
    value => (outcome = value),
    (error: unknown) => (outcome = error),
  )
  return { clock, outcome: () => outcome }
}

describe('a call with interceptors around it', () => {
  it('has the time that interceptors leave it, and takes its own', async () => {
    const clock = new ManualClock()
    let left = 0
    const slow: Test = async (_context, next) => {
      await clock.sleep(300)
      const result = await next()
      await clock.sleep(600)
      return result
    }
    const step = async (leftMs: number): Promise<string> => {
      left = leftMs
      await clock.sleep(60_000)
      return 'ok'
    }
    const limits = { clock, timeoutMs: 1000, timeoutCode: 'SEND_TIMEOUT', name: 'the send', topic: 'T' } as const
    const result = runIntercepted({ interceptors: [slow], context: {}, step, ...limits })
    await clock.advance(61_000)
    expect([await result, left]).toEqual(['ok', 700])
  })

  it('ends in time where an interceptor never passes it on, and is not made later', async () => {
    let late: (() => Promise<string>) | undefined
    const step = jest.fn(async () => 'ok')
    const { clock, outcome } = setup((_context, next) => {
      late = next
      return never()
    }, step)
    await clock.advance(1000)
    expect(outcome()).toMatchObject({ code: 'SEND_TIMEOUT', topic: 'T', sent: 'NO' })
    await expect(late?.()).rejects.toMatchObject({ code: 'INVALID_STATE', sent: 'NO' })
    expect(step).not.toHaveBeenCalled()
  })

  it('ends in time where an interceptor keeps its outcome', async () => {
    const keeping: Test = async (_context, next) => {
      await next().catch(() => undefined)
      return never()
    }
    const sent = setup(keeping, async () => 'ok')
    await sent.clock.advance(1000)
    expect(sent.outcome()).toMatchObject({ code: 'SEND_TIMEOUT', sent: 'UNKNOWN' })
    const failure = new RocketMQError('CONNECT_FAILED', 'gone', { sent: 'NO' })
    const failed = setup(keeping, () => Promise.reject(failure))
    await failed.clock.advance(1000)
    expect(failed.outcome()).toMatchObject({ code: 'SEND_TIMEOUT', sent: 'NO', cause: failure })
  })

  it('ends with its signal, whoever has it', async () => {
    const abort = new AbortController()
    const before = setup(never, async () => 'ok', abort.signal)
    const after = setup(
      async (_context, next) => next().then(never),
      async () => 'ok',
      abort.signal,
    )
    const ofTheCall = new RocketMQError('ABORTED', 'by itself', { sent: 'UNKNOWN' })
    const step = (): Promise<string> =>
      new Promise((_resolve, reject) => abort.signal.addEventListener('abort', () => reject(ofTheCall)))
    const underWay = setup(async (_context, next) => next().catch(never), step, abort.signal)
    const passing = setup((_context, next) => next().catch(() => 'rescued'), step, abort.signal)
    await before.clock.advance(0)
    const why = new Error('why')
    abort.abort(why)
    for (const { clock } of [before, after, underWay, passing]) await clock.advance(0)
    expect(before.outcome()).toMatchObject({ code: 'ABORTED', sent: 'NO', cause: why })
    expect(after.outcome()).toMatchObject({ code: 'ABORTED', sent: 'UNKNOWN', cause: why })
    expect(underWay.outcome()).toBe(ofTheCall)
    expect(passing.outcome()).toBe('rescued')
    const late = setup(never, async () => 'ok', abort.signal)
    await late.clock.advance(0)
    expect(late.outcome()).toMatchObject({ code: 'ABORTED', sent: 'NO' })
  })

  it('hears nothing of what an interceptor does when it has ended', async () => {
    const late = new ManualClock()
    const { clock, outcome } = setup(
      async () => {
        await late.sleep(1)
        throw new Error('late')
      },
      async () => 'ok',
    )
    await clock.advance(1000)
    const ended = outcome()
    await late.advance(1)
    expect([outcome(), ended]).toEqual([ended, expect.objectContaining({ code: 'SEND_TIMEOUT' })])
  })

  it('fails with a code where an interceptor throws, before it or after it', async () => {
    const thrown = new TypeError('no such field')
    const before = setup(
      () => Promise.reject(thrown),
      async () => 'ok',
    )
    const after = setup(
      async (_context, next) => {
        await next()
        throw thrown
      },
      async () => 'ok',
    )
    for (const { clock } of [before, after]) await clock.advance(0)
    const failed = { code: 'INTERCEPTOR_FAILED', retriable: false, cause: thrown, topic: 'T' }
    expect(before.outcome()).toMatchObject({ ...failed, sent: 'NO' })
    expect(after.outcome()).toMatchObject({ ...failed, sent: 'UNKNOWN' })
    expect((before.outcome() as Error).message).toContain('no such field')
  })

  it('passes on errors of the library, those of the call, and the reason of its signal as ABORTED', async () => {
    const own = new RocketMQError('INVALID_MESSAGE', 'mine')
    const passed = setup(
      () => Promise.reject(own),
      async () => 'ok',
    )
    const raw = new Error('of the call')
    const failed = setup(
      (_context, next) => next(),
      () => Promise.reject(raw),
    )
    const abort = new AbortController()
    const aborted = setup(
      async () => {
        abort.abort()
        return abort.signal.throwIfAborted() as never
      },
      async () => 'ok',
      abort.signal,
    )
    for (const { clock } of [passed, failed, aborted]) await clock.advance(0)
    expect([passed.outcome(), own.sent, failed.outcome()]).toEqual([own, 'NO', raw])
    expect(aborted.outcome()).toMatchObject({ code: 'ABORTED', sent: 'NO' })
  })
})
