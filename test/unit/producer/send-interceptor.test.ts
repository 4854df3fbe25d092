import type { SendResult } from '../../../lib/model/results'
import { ManualClock } from '../../../lib/runtime/manual-clock'
import type { SendOptions } from '../../../lib/sending/send-options'
import { type SendInterceptor, type SendInterceptorContext, intercept } from '../../../lib/producer/send-interceptor'

const RESULT: SendResult = {
  sendStatus: 'SEND_OK',
  msgId: 'A',
  offsetMsgId: 'a',
  messageQueue: { topic: 'T', brokerName: 'b', queueId: 0 },
  queueOffset: 5,
  regionId: 'R',
  traceOn: true,
}

const hold = () => () => undefined
const LIMITS = { clock: new ManualClock(), sendTimeoutMs: 3000, hold }

function contextOf(mode: SendInterceptorContext['mode'] = 'SYNC', options: SendOptions = {}): SendInterceptorContext {
  return { operation: 'send', mode, producerGroup: 'g', message: { topic: 'T', body: 'b' }, options }
}

/** Notes when it is entered and left. */
function noting(name: string, notes: string[]): SendInterceptor {
  return async (_context, next) => {
    notes.push(`${name} before`)
    const result = await next()
    notes.push(`${name} after`)
    return result
  }
}

describe('intercept', () => {
  it('runs the first one outermost, and the send innermost', async () => {
    const notes: string[] = []
    const send = async (): Promise<SendResult> => {
      notes.push('send')
      return RESULT
    }
    const result = await intercept([noting('a', notes), noting('b', notes)], contextOf(), send, LIMITS)
    expect(notes).toEqual(['a before', 'b before', 'send', 'b after', 'a after'])
    expect(result).toBe(RESULT)
  })

  it('lets an interceptor replace the message, for those after it and the send', async () => {
    const context = contextOf()
    const original = context.message
    const seen: unknown[] = []
    const replace: SendInterceptor = (given, next) => {
      given.message = { topic: 'Other', body: 'x' }
      return next()
    }
    const look: SendInterceptor = (given, next) => {
      seen.push(given.message)
      return next()
    }
    await intercept(
      [replace, look],
      context,
      async () => {
        seen.push(context.message)
        return RESULT
      },
      LIMITS,
    )
    expect(seen).toEqual([
      { topic: 'Other', body: 'x' },
      { topic: 'Other', body: 'x' },
    ])
    expect(original).toEqual({ topic: 'T', body: 'b' })
  })

  it('lets an interceptor replace the result', async () => {
    const changed = { ...RESULT, msgId: 'changed' }
    const replace: SendInterceptor = async (_context, next) => {
      await next()
      return changed
    }
    await expect(intercept([replace], contextOf(), async () => RESULT, LIMITS)).resolves.toBe(changed)
  })

  it.each<[string, SendInterceptor]>([
    ['rejects', async () => Promise.reject(new Error('no'))],
    [
      'throws',
      () => {
        throw new Error('no')
      },
    ],
  ])('fails the send when an interceptor %s, and does not send', async (_, interceptor) => {
    const send = jest.fn(async () => RESULT)
    await expect(intercept([interceptor], contextOf(), send, LIMITS)).rejects.toThrow('no')
    expect(send).not.toHaveBeenCalled()
  })

  it('shows interceptors the failure of the send, which they may handle', async () => {
    const rescue: SendInterceptor = async (_context, next) => next().catch(() => RESULT)
    const send = async (): Promise<SendResult> => Promise.reject(new Error('no broker'))
    await expect(intercept([rescue], contextOf(), send, LIMITS)).resolves.toBe(RESULT)
    await expect(intercept([noting('a', [])], contextOf(), send, LIMITS)).rejects.toThrow('no broker')
  })

  it('takes a plain value for a promise', async () => {
    await expect(intercept([(() => RESULT) as never], contextOf(), async () => RESULT, LIMITS)).resolves.toBe(RESULT)
  })

  it('does not pretend a send without a result to have been sent', async () => {
    const forgetful: SendInterceptor = async (_context, next) => {
      await next()
      return undefined
    }
    for (const mode of ['SYNC', 'ASYNC'] as const) {
      await expect(intercept([forgetful], contextOf(mode), async () => RESULT, LIMITS)).rejects.toMatchObject({
        code: 'INVALID_STATE',
        message: expect.stringContaining('next()'),
      })
    }
    await expect(intercept([forgetful], contextOf('ONEWAY'), async () => undefined, LIMITS)).resolves.toBeUndefined()
  })

  it('ends in the time of the send, of which the send has what is left, where it has one of its own', async () => {
    const clock = new ManualClock()
    const given: (number | undefined)[] = []
    const slow: SendInterceptor = async (_context, next) => {
      await clock.sleep(100)
      return next()
    }
    for (const timeoutMs of [undefined, 500]) {
      const context = contextOf('SYNC', timeoutMs === undefined ? {} : { timeoutMs })
      const result = intercept(
        [slow],
        context,
        async options => {
          given.push(options.timeoutMs)
          return RESULT
        },
        { clock, sendTimeoutMs: 3000, hold },
      )
      await clock.advance(100)
      expect(await result).toBe(RESULT)
    }
    expect(given).toEqual([undefined, 400])
    const hanging: SendInterceptor = () => new Promise(() => undefined)
    const result = intercept([hanging], contextOf(), async () => RESULT, { clock, sendTimeoutMs: 3000, hold })
    const rejected = expect(result).rejects.toMatchObject({ code: 'SEND_TIMEOUT', topic: 'T', sent: 'NO' })
    await clock.advance(3000)
    await rejected
  })

  it('refuses wrong options before any interceptor sees them', async () => {
    const interceptor = jest.fn()
    const context = contextOf('SYNC', { timeoutMs: 'soon' as never })
    await expect(intercept([interceptor], context, async () => RESULT, LIMITS)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    })
    expect(interceptor).not.toHaveBeenCalled()
  })
})
