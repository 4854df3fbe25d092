import { Subscriptions } from '../../../../lib/consumer/rebalance/subscriptions'
import { MessageSelector } from '../../../../lib/model/message-selector'
import { ManualClock } from '../../../../lib/runtime/manual-clock'

const NOW = 1_700_000_000_000

function setup() {
  const clock = new ManualClock(NOW)
  return { clock, subscriptions: new Subscriptions(clock) }
}

describe('what a group wants', () => {
  it('is kept by topic, with tags and their hashes', () => {
    const { subscriptions } = setup()
    subscriptions.add('A', 'x || y')
    subscriptions.add('B', undefined)
    expect(subscriptions.topics).toEqual(['A', 'B'])
    expect(subscriptions.get('A')).toEqual({
      topic: 'A',
      subString: 'x || y',
      tagsSet: ['x', 'y'],
      codeSet: [120, 121],
      subVersion: NOW,
      expressionType: 'TAG',
      classFilterMode: false,
    })
    expect(subscriptions.get('B')).toMatchObject({ subString: '*', tagsSet: [] })
    expect(subscriptions.all).toEqual([subscriptions.get('A'), subscriptions.get('B')])
  })

  it('is replaced by another expression, and gone when it is removed', () => {
    const { subscriptions } = setup()
    subscriptions.add('A', 'x')
    subscriptions.add('A', 'y')
    expect(subscriptions.all.map(({ subString }) => subString)).toEqual(['y'])
    subscriptions.remove('A')
    subscriptions.remove('A')
    expect([subscriptions.topics, subscriptions.get('A')]).toEqual([[], undefined])
  })

  it('has a newer version after every change, though the clock stands still or is set back', () => {
    const { clock, subscriptions } = setup()
    const versions: number[] = []
    const note = (): unknown => versions.push(subscriptions.get('A')?.subVersion ?? 0)
    subscriptions.add('A', 'x')
    note()
    subscriptions.touch('A')
    note()
    clock.stepWallClock(-60_000)
    subscriptions.add('A', 'y')
    note()
    clock.stepWallClock(120_000)
    subscriptions.touch('A')
    note()
    expect(versions).toEqual([NOW, NOW + 1, NOW + 2, NOW + 60_000])
  })

  it('keeps its expression when it is touched, and others their version', () => {
    const { subscriptions } = setup()
    subscriptions.add('A', 'x')
    subscriptions.add('B', 'y')
    const before = subscriptions.get('B')
    subscriptions.touch('A')
    subscriptions.touch('C')
    expect(subscriptions.get('A')).toMatchObject({ subString: 'x', tagsSet: ['x'] })
    expect(subscriptions.get('B')).toBe(before)
    expect(subscriptions.get('C')).toBeUndefined()
  })

  it('may be a condition over properties', () => {
    const { subscriptions } = setup()
    subscriptions.add('A', { sql92: 'a > 1 || b' })
    subscriptions.add('B', MessageSelector.bySql('b IS NULL'))
    expect(subscriptions.get('A')).toEqual({
      topic: 'A',
      subString: 'a > 1 || b',
      tagsSet: [],
      codeSet: [],
      subVersion: NOW,
      expressionType: 'SQL92',
      classFilterMode: false,
    })
    expect(subscriptions.get('B')).toMatchObject({ subString: 'b IS NULL', expressionType: 'SQL92' })
  })

  it('is changed later where it is only prepared, with a version of that time', () => {
    const { subscriptions } = setup()
    subscriptions.add('A', 'x')
    const change = subscriptions.prepare('A', 'y')
    subscriptions.touch('A')
    expect(change.subscription).toMatchObject({ topic: 'A', subString: 'y' })
    expect(subscriptions.get('A')).toMatchObject({ subString: 'x', subVersion: NOW + 1 })
    expect(change.apply()).toBe(true)
    expect(subscriptions.get('A')).toMatchObject({ subString: 'y', subVersion: NOW + 2 })
  })

  it.each<[string, (subscriptions: Subscriptions) => unknown, string | undefined]>([
    ['subscribed to anew', subscriptions => subscriptions.add('A', 'z'), 'z'],
    ['prepared anew', subscriptions => subscriptions.prepare('A', 'z'), 'x'],
    ['unsubscribed from', subscriptions => subscriptions.remove('A'), undefined],
  ])('is not changed by what was prepared before it was %s', (_how, overtake, expected) => {
    const { subscriptions } = setup()
    subscriptions.add('A', 'x')
    const change = subscriptions.prepare('A', 'y')
    overtake(subscriptions)
    expect(change.apply()).toBe(false)
    expect(subscriptions.get('A')?.subString).toBe(expected)
  })

  it.each([5, null, {}, ['x'], { sql92: '' }])('may not be %j', expression => {
    const { subscriptions } = setup()
    expect(() => subscriptions.add('A', expression as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_EXPRESSION', topic: 'A' }),
    )
    expect(subscriptions.topics).toEqual([])
  })

  it.each([undefined, '', 'no topic', 5])('needs a topic that brokers accept, not %j', topic => {
    const { subscriptions } = setup()
    expect(() => subscriptions.add(topic as never, '*')).toThrow(expect.objectContaining({ code: 'INVALID_TOPIC' }))
  })

  it('names no tag: that is an error', () => {
    const { subscriptions } = setup()
    expect(() => subscriptions.add('A', '||')).toThrow(expect.objectContaining({ code: 'INVALID_EXPRESSION' }))
  })

  it('may be a retry topic with a name that users cannot choose', () => {
    const { subscriptions } = setup()
    expect(() => subscriptions.add('%RETRY%g+T', '*')).toThrow(expect.objectContaining({ code: 'INVALID_TOPIC' }))
    subscriptions.addRetryTopic('%RETRY%g+T')
    expect(subscriptions.get('%RETRY%g+T')).toMatchObject({ subString: '*', tagsSet: [], subVersion: NOW })
  })
})
