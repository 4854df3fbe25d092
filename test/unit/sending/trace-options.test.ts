import { checkedTraceTopic } from '../../../lib/sending/trace-options'

describe('where traces go', () => {
  it.each([
    [undefined, undefined],
    [false, undefined],
    [true, 'RMQ_SYS_TRACE_TOPIC'],
    [{}, 'RMQ_SYS_TRACE_TOPIC'],
    [{ topic: 'MyTraces' }, 'MyTraces'],
  ])('is told by %j: %s', (trace, topic) => {
    expect(checkedTraceTopic(trace)).toBe(topic)
  })

  it.each([
    ['yes', 'INVALID_ARGUMENT'],
    [null, 'INVALID_ARGUMENT'],
    [{ topic: 'no topic' }, 'INVALID_TOPIC'],
    [{ topic: 'SCHEDULE_TOPIC_XXXX' }, 'INVALID_TOPIC'],
  ])('is refused where it is wrong: %j', (trace, code) => {
    expect(() => checkedTraceTopic(trace as never)).toThrow(expect.objectContaining({ code }))
  })
})
