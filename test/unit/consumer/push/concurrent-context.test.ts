import { ConcurrentContext } from '../../../../lib/consumer/push/concurrent-context'

const BASE = {
  consumerGroup: 'g',
  messageQueue: { topic: 'T', brokerName: 'a', queueId: 3 },
  signal: new AbortController().signal,
}

describe('the context of a concurrent listener', () => {
  it('tells what the call is about, and begins with nothing set', () => {
    const context = new ConcurrentContext(BASE)
    expect(context).toMatchObject({ ...BASE, ackIndex: undefined, delayLevelWhenNextConsume: 0 })
  })

  it.each([-1, 0, 5, 0x7fffffff, undefined])('takes %p as the last index that was handled', index => {
    const context = new ConcurrentContext(BASE)
    context.ackIndex = index
    expect(context.ackIndex).toBe(index)
  })

  it.each([-1, 0, 3, 18])('takes %p as a delay level', level => {
    const context = new ConcurrentContext(BASE)
    context.delayLevelWhenNextConsume = level
    expect(context.delayLevelWhenNextConsume).toBe(level)
  })

  it.each<[string, unknown]>([
    ['ackIndex', -2],
    ['ackIndex', 0.5],
    ['ackIndex', '1'],
    ['ackIndex', null],
    ['delayLevelWhenNextConsume', NaN],
    ['delayLevelWhenNextConsume', '3'],
    ['delayLevelWhenNextConsume', undefined],
  ])('refuses it at once where %s is set to %p, and keeps what there was', (name, value) => {
    const context = new ConcurrentContext(BASE)
    expect(() => Object.assign(context, { [name]: value })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(`context.${name}`) }),
    )
    expect(context).toMatchObject({ ackIndex: undefined, delayLevelWhenNextConsume: 0 })
  })
})
