import { OrderlyContext } from '../../../../lib/consumer/push/orderly-context'

const BASE = {
  consumerGroup: 'g',
  messageQueue: { topic: 'T', brokerName: 'a', queueId: 3 },
  signal: new AbortController().signal,
}

describe('the context of a listener in order', () => {
  it('tells what the call is about, and begins with nothing set', () => {
    const context = new OrderlyContext(BASE, 'queue')
    expect(context).toMatchObject({ ...BASE, suspendCurrentQueueTimeMs: undefined, autoCommit: true })
  })

  it.each([0, 250, Infinity, undefined])('takes %p as the time of a suspension', ms => {
    const context = new OrderlyContext(BASE, 'key')
    context.suspendCurrentQueueTimeMs = ms
    expect(context.suspendCurrentQueueTimeMs).toBe(ms)
  })

  it.each([-1, NaN, '5', null])('refuses %p as the time of a suspension, at once', ms => {
    const context = new OrderlyContext(BASE, 'queue')
    expect(() => Object.assign(context, { suspendCurrentQueueTimeMs: ms })).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining('suspendCurrentQueueTimeMs'),
      }),
    )
    expect(context.suspendCurrentQueueTimeMs).toBeUndefined()
  })

  it('lets queues be committed by hand, and keys not', () => {
    const queue = new OrderlyContext(BASE, 'queue')
    queue.autoCommit = false
    expect(queue.autoCommit).toBe(false)
    const key = new OrderlyContext(BASE, 'key')
    expect(() => (key.autoCommit = false)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
    expect(key.autoCommit).toBe(true)
  })
})
