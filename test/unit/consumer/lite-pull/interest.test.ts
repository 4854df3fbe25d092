import { Interest } from '../../../../lib/consumer/lite-pull/interest'
import { ManualClock } from '../../../../lib/runtime/manual-clock'

const queue = (topic: string) => ({ topic, brokerName: 'b', queueId: 0 })
const create = () => new Interest(new ManualClock(), 'g')
const excluded = expect.objectContaining({
  code: 'INVALID_STATE',
  message: expect.stringContaining('exclude each other'),
  group: 'g',
})
const noExpression = expect.objectContaining({ code: 'INVALID_EXPRESSION' })

describe('what a lite pull consumer wants', () => {
  it('is topics that it shares, once their subscription is made', () => {
    const interest = create()
    const change = interest.subscribe('T', 'a')
    expect([interest.isShared, interest.topics]).toEqual([true, []])
    change.apply()
    expect([interest.topics, interest.subscription('T')?.subString]).toEqual([['T'], 'a'])
    interest.unsubscribe('T')
    expect([interest.isShared, interest.topics]).toEqual([true, []])
  })

  it('or queues that the user has chosen, all by one expression', () => {
    const interest = create()
    const queues = [queue('T'), queue('U')]
    interest.choose(queues, 'a')
    expect([interest.isShared, interest.topics, interest.queues]).toEqual([false, ['T', 'U'], queues])
    expect(interest.chosen.map(({ subString }) => subString)).toEqual(['a', 'a'])
    expect(interest.subscriptions.topics).toEqual([])
    interest.choose([queue('U')], undefined)
    expect(interest.topics).toEqual(['U'])
    expect([interest.subscription('T'), interest.subscription('U')?.subString]).toEqual([undefined, '*'])
  })

  it('is as before where a choice is taken back', () => {
    const interest = create()
    interest.choose([queue('T')], undefined)
    interest.choose([queue('U')], 'b')()
    expect([interest.queues, interest.topics]).toEqual([[queue('T')], ['T']])
  })

  it('is never both', () => {
    const [shared, chosen] = [create(), create()]
    shared.subscribe('T', undefined)
    expect(() => shared.choose([queue('T')], undefined)).toThrow(excluded)
    chosen.choose([queue('T')], undefined)
    expect(() => chosen.subscribe('T', undefined)).toThrow(excluded)
  })

  it('stays open where the first wish was wrong', () => {
    const interest = create()
    expect(() => interest.subscribe('T', '||')).toThrow(noExpression)
    expect(() => interest.choose([queue('T')], 5 as never)).toThrow(noExpression)
    interest.subscribe('T', undefined)
    expect(interest.isShared).toBe(true)
  })
})
