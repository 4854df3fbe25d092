import type { SubscriptionData } from '../../../lib/model/consumer-types'
import {
  buildSubscriptionData,
  buildTypedSubscriptionData,
  isTagType,
  matchesTags,
  sameSubscription,
  tagsCode,
  wantsSame,
} from '../../../lib/model/subscription'

const VERSION = 1_700_000_000_000
const tagsOf = (expression: string | undefined): readonly string[] =>
  buildSubscriptionData('T', expression, VERSION).tagsSet

describe('buildSubscriptionData', () => {
  it('names the tags and their hashes', () => {
    expect(buildSubscriptionData('T', 'TagA || TagB', VERSION)).toEqual({
      topic: 'T',
      subString: 'TagA || TagB',
      tagsSet: ['TagA', 'TagB'],
      codeSet: [2598919, 2598920],
      subVersion: VERSION,
      expressionType: 'TAG',
      classFilterMode: false,
    })
  })

  it.each([undefined, '', '*'])('takes %j for all messages', expression => {
    expect(buildSubscriptionData('T', expression, VERSION)).toMatchObject({ subString: '*', tagsSet: [], codeSet: [] })
  })

  it('trims tags, drops empty ones and keeps each once', () => {
    expect(tagsOf('||A || ||\tB||A')).toEqual(['A', 'B'])
    expect(tagsOf('A|||B')).toEqual(['A', '|B'])
  })

  it('keeps one hash for tags that share it', () => {
    expect(buildSubscriptionData('T', 'Aa||BB', VERSION)).toMatchObject({ tagsSet: ['Aa', 'BB'], codeSet: [2112] })
  })

  it('refuses separators alone, and says what to write', () => {
    expect(() => tagsOf('||||')).toThrow(
      expect.objectContaining({
        code: 'INVALID_EXPRESSION',
        topic: 'T',
        message: expect.stringContaining('tagA || tagB'),
      }),
    )
  })
})

describe('buildTypedSubscriptionData', () => {
  it('leaves an SQL92 expression to the broker', () => {
    const subscription = buildTypedSubscriptionData('T', { type: 'SQL92', expression: 'a > 5 || b' }, VERSION)
    expect(subscription).toMatchObject({ subString: 'a > 5 || b', expressionType: 'SQL92', tagsSet: [], codeSet: [] })
  })

  it('splits tags where the type is TAG', () => {
    expect(buildTypedSubscriptionData('T', { type: 'TAG', expression: 'A' }, VERSION)).toEqual(
      buildSubscriptionData('T', 'A', VERSION),
    )
  })

  it.each([undefined, ''])('refuses the SQL92 expression %j', expression => {
    expect(() => buildTypedSubscriptionData('T', { type: 'SQL92', expression }, VERSION)).toThrow(
      expect.objectContaining({ code: 'INVALID_EXPRESSION' }),
    )
  })
})

describe('isTagType', () => {
  it('takes a missing type for tags', () => {
    expect([undefined, '', 'TAG', 'SQL92'].map(isTagType)).toEqual([true, true, true, false])
  })
})

describe('tagsCode', () => {
  it('is the hash of the tags, and 0 without tags', () => {
    expect([tagsCode('TagA'), tagsCode(''), tagsCode(undefined)]).toEqual([2598919, 0, 0])
  })
})

describe('matchesTags', () => {
  const wanted = buildSubscriptionData('T', 'Aa', VERSION)

  it('lets through the exact tag alone, not one of the same hash', () => {
    expect(['Aa', 'BB', 'aa', undefined].map(tags => matchesTags(wanted, tags))).toEqual([true, false, false, false])
  })

  it('lets everything through where no tag is named, or the broker filters by a class', () => {
    expect(matchesTags(buildSubscriptionData('T', '*', VERSION), undefined)).toBe(true)
    expect(matchesTags(buildTypedSubscriptionData('T', { type: 'SQL92', expression: 'a' }, VERSION), 'x')).toBe(true)
    expect(matchesTags({ ...wanted, classFilterMode: true }, 'x')).toBe(true)
  })
})

describe('wantsSame', () => {
  const one: SubscriptionData = buildSubscriptionData('T', 'A||B', VERSION)

  it('looks at what is wanted, not at the version', () => {
    expect(wantsSame({ ...one, subVersion: 1 }, one)).toBe(true)
  })

  it.each([undefined, { ...one, subString: 'A' }, { ...one, expressionType: 'SQL92' as const }])(
    'tells %j apart',
    other => {
      expect(wantsSame(other, one)).toBe(false)
    },
  )
})

describe('sameSubscription', () => {
  const one: SubscriptionData = buildSubscriptionData('T', 'A||B', VERSION)

  it('does not look at the order of tags', () => {
    expect(sameSubscription(one, { ...one, tagsSet: ['B', 'A'], codeSet: [66, 65] })).toBe(true)
  })

  it.each<Partial<SubscriptionData>>([
    { topic: 'U' },
    { subString: 'B||A' },
    { tagsSet: ['A'] },
    { tagsSet: ['A', 'C'] },
    { codeSet: [65] },
    { subVersion: 1 },
    { expressionType: 'SQL92' },
    { classFilterMode: true },
  ])('tells %j apart', change => {
    expect(sameSubscription(one, { ...one, ...change })).toBe(false)
  })
})
