import { PROPERTY } from '../../../lib/model/property-names'
import {
  checkUserProperty,
  isReservedProperty,
  separatorProblem,
  userPropertyProblem,
} from '../../../lib/model/user-properties'

describe('properties of users', () => {
  it("may have any name that is not RocketMQ's own", () => {
    expect(['region', '自定义', 'keys', '__proto__', ' a '].map(name => userPropertyProblem(name, 'v'))).toEqual(
      Array(5).fill(undefined),
    )
  })

  it('may not have the 54 names that Java reserves', () => {
    const reserved = Object.values(PROPERTY).filter(isReservedProperty)
    expect(reserved).toHaveLength(54)
    expect(reserved).toEqual(
      expect.arrayContaining(['KEYS', 'TAGS', 'WAIT', 'UNIQ_KEY', 'POP_CK', 'INNER_MULTI_QUEUE_OFFSET', '__CRC32#']),
    )
  })

  it('may have the names of the table that Java leaves open', () => {
    const open = Object.values(PROPERTY).filter(name => !isReservedProperty(name))
    expect(open.sort()).toEqual([
      'CHECK_IMMUNITY_TIME_IN_SECONDS',
      'INNER_BASE',
      'INNER_MULTI_DISPATCH',
      'INNER_NUM',
      'TRANSACTION_CHECK_TIMES',
      '__SHARDINGKEY',
      '__transactionId__',
    ])
  })

  it.each([
    ['', 'v'],
    ['a', ''],
    [' \t', 'v'],
    ['a', '\u0000 '],
  ])('may not be blank: %j = %j', (name, value) => {
    expect(userPropertyProblem(name, value)).toContain('blank')
  })

  it.each([
    ['a\u0001', 'v'],
    ['a', 'v\u0001'],
    ['a\u0002b', 'v'],
    ['a', '\u0002v'],
  ])('may not hold what separates properties: %j = %j', (name, value) => {
    expect(userPropertyProblem(name, value)).toContain('\\u0001')
  })

  it.each([
    ['a', 5],
    ['a', null],
    [undefined, 'v'],
  ])('must be text: %j = %j', (name, value) => {
    expect(userPropertyProblem(name, value)).toContain('text')
  })
})

describe('checkUserProperty', () => {
  it('names the property and the cure', () => {
    expect(() => checkUserProperty('TAGS', 'x')).toThrow(
      expect.objectContaining({ code: 'INVALID_MESSAGE', message: expect.stringMatching(/'TAGS'.*use the field/) }),
    )
  })

  it('lets a good one pass', () => {
    expect(() => checkUserProperty('region', 'eu')).not.toThrow()
  })
})

describe('separatorProblem', () => {
  it('finds either separator', () => {
    expect(['a', 'a\u0001', '\u0002'].map(text => separatorProblem(text) === undefined)).toEqual([true, false, false])
  })
})
