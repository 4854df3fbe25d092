import {
  type ConsumeInterceptor,
  type ConsumeInterceptorContext,
  type ConsumeResult,
  intercepted,
} from '../../../../lib/consumer/push/consume-interceptor'
import type { Listener } from '../../../../lib/consumer/push/listener'
import { ConcurrentContext } from '../../../../lib/consumer/push/concurrent-context'
import type { ConsumeContext } from '../../../../lib/consumer/push/message-listener'
import { OrderlyContext } from '../../../../lib/consumer/push/orderly-context'
import { storedMessage } from '../../../support/records'

const CONTEXT: ConsumeContext = {
  consumerGroup: 'g',
  messageQueue: { topic: 'T', brokerName: 'a', queueId: 3 },
  signal: new AbortController().signal,
}
const MESSAGES = [storedMessage({ queueOffset: 1 }), storedMessage({ queueOffset: 2 })]

type Ordered = Listener['ordered']

function listenerOf(handle: (messages: unknown, context: never) => unknown, ordered: Ordered = 'none'): Listener {
  return { ordered, batchSize: 2, concurrency: { min: 7, max: 7 }, rateLimit: undefined, listener: handle as never }
}

/** Calls a listener with the interceptors around it. */
async function call(
  interceptors: readonly ConsumeInterceptor[],
  handle: (messages: unknown, context: never) => unknown,
  ordered: Ordered = 'none',
) {
  const context = ordered === 'none' ? new ConcurrentContext(CONTEXT) : new OrderlyContext(CONTEXT, ordered)
  return intercepted(listenerOf(handle, ordered), interceptors).listener(MESSAGES, context as never)
}

const pass: ConsumeInterceptor = (_context, next) => next()

/** Notes what `next()` resolves with. */
function noting(name: string, notes: string[]): ConsumeInterceptor {
  return async (_context, next) => {
    notes.push(`${name} before`)
    const result = await next()
    notes.push(`${name} after ${JSON.stringify(result)}`)
    return result
  }
}

describe('intercepted', () => {
  it('is the listener itself where there are no interceptors', () => {
    const listener = listenerOf(() => undefined)
    expect(intercepted(listener, [])).toBe(listener)
  })

  it('keeps how the listener is to be called', () => {
    const { ordered, batchSize, concurrency } = intercepted(
      listenerOf(() => undefined, 'key'),
      [pass],
    )
    expect({ ordered, batchSize, concurrency }).toEqual({
      ordered: 'key',
      batchSize: 2,
      concurrency: { min: 7, max: 7 },
    })
  })

  it('runs the first one outermost, and the listener innermost', async () => {
    const notes: string[] = []
    await call([noting('a', notes), noting('b', notes)], () => void notes.push('listener'))
    expect(notes).toEqual([
      'a before',
      'b before',
      'listener',
      'b after "CONSUME_SUCCESS"',
      'a after "CONSUME_SUCCESS"',
    ])
  })

  it.each<[Ordered, ConsumeResult]>([
    ['none', 'CONSUME_SUCCESS'],
    ['queue', 'SUCCESS'],
    ['key', 'SUCCESS'],
  ])('names the success of a listener that returned nothing, with ordered %s', async (ordered, success) => {
    await expect(call([pass], () => undefined, ordered)).resolves.toBe(success)
    await expect(call([pass], async () => undefined, ordered)).resolves.toBe(success)
  })

  it('shows what the call is about', async () => {
    const seen: ConsumeInterceptorContext[] = []
    const look: ConsumeInterceptor = (context, next) => {
      seen.push(context)
      return next()
    }
    await call([look], () => 'SUCCESS', 'queue')
    expect(seen).toEqual([{ operation: 'consume', ordered: 'queue', messages: MESSAGES, ...CONTEXT }])
  })

  it('gives the listener its messages and context', async () => {
    const handle = jest.fn(() => undefined)
    await call([pass], handle)
    expect(handle).toHaveBeenCalledWith(MESSAGES, expect.objectContaining(CONTEXT))
  })

  it('lets an interceptor replace the result', async () => {
    const later: ConsumeInterceptor = async (_context, next) => {
      await next()
      return { status: 'RECONSUME_LATER', delayLevel: 2 }
    }
    await expect(call([later], () => undefined)).resolves.toEqual({ status: 'RECONSUME_LATER', delayLevel: 2 })
  })

  it('shows interceptors the failure of the listener, which they may handle', async () => {
    const fail = (): never => {
      throw new Error('no')
    }
    const rescue: ConsumeInterceptor = (_context, next) => next().catch(() => 'CONSUME_SUCCESS')
    await expect(call([rescue], fail)).resolves.toBe('CONSUME_SUCCESS')
    await expect(call([pass], fail)).rejects.toThrow('no')
    await expect(call([pass], async () => fail())).rejects.toThrow('no')
  })

  it.each<[string, Ordered, unknown]>([
    ['null', 'none', null],
    ['another word', 'none', 'OK'],
    ['an index past its messages', 'none', { status: 'RECONSUME_LATER', firstFailed: 3 }],
    ['the result of the other kind', 'queue', 'RECONSUME_LATER'],
  ])('shows interceptors as a failure that the listener returned %s', async (_, ordered, result) => {
    const outcomes: unknown[] = []
    const look: ConsumeInterceptor = (_context, next) =>
      next().catch((error: unknown) => {
        outcomes.push(error)
        throw error
      })
    await expect(call([look], () => result, ordered)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    expect(outcomes).toHaveLength(1)
  })

  it('shows as a failure what the listener says by context.ackIndex, once', async () => {
    const seen: unknown[] = []
    const look: ConsumeInterceptor = async (_context, next) => {
      seen.push(await next())
      return 'CONSUME_SUCCESS'
    }
    const handle = (_messages: unknown, context: ConcurrentContext): void => {
      context.ackIndex = 0
      context.delayLevelWhenNextConsume = 4
    }
    const context = new ConcurrentContext(CONTEXT)
    await intercepted(listenerOf(handle), [look]).listener(MESSAGES, context as never)
    expect(seen).toEqual([{ status: 'RECONSUME_LATER', firstFailed: 1, delayLevel: 4 }])
    expect(context).toMatchObject({ ackIndex: undefined, delayLevelWhenNextConsume: 4 })
  })

  it('lets a listener in order commit by hand', async () => {
    const handle = (_messages: unknown, context: OrderlyContext): string => {
      context.autoCommit = false
      return 'ROLLBACK'
    }
    await expect(call([pass], handle, 'queue')).resolves.toBe('ROLLBACK')
    await expect(call([pass], () => 'ROLLBACK', 'queue')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })

  it('does not take a lost result for success', async () => {
    const forget = async (_context: unknown, next: () => Promise<unknown>): Promise<void> => void (await next())
    const forgetful = forget as unknown as ConsumeInterceptor
    await expect(call([forgetful], () => 'RECONSUME_LATER')).rejects.toMatchObject({
      code: 'INVALID_STATE',
      message: expect.stringContaining('next()'),
    })
  })

  it('does not call the listener where an interceptor does not go on', async () => {
    const handle = jest.fn(() => undefined)
    await expect(call([async () => 'RECONSUME_LATER'], handle)).resolves.toBe('RECONSUME_LATER')
    expect(handle).not.toHaveBeenCalled()
  })
})
