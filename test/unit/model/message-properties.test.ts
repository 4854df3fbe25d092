import type { Message } from '../../../lib/model/message'
import { deliverAtMs, forEachProperty, joinKeys, parseWaitStoreMsgOK } from '../../../lib/model/message-properties'

function propertiesOf(fields: Partial<Message>): [string, string][] {
  const properties: [string, string][] = []
  forEachProperty({ topic: 'T', body: 'b', ...fields }, (name, value) => properties.push([name, value]))
  return properties
}

describe('the properties of a message to send', () => {
  it('say that it waits for the store, and nothing else by default', () => {
    expect(propertiesOf({})).toEqual([['WAIT', 'true']])
  })

  it('stand for its fields', () => {
    const fields: Partial<Message> = {
      tags: 'paid',
      keys: ['o-1', 'o-2'],
      delayTimeLevel: 3,
      delayMs: 1500,
      deliverAt: new Date(1_700_000_000_000),
      shardingKey: 's',
      priority: 0,
      buyerId: 'b',
      waitStoreMsgOK: false,
    }
    expect(Object.fromEntries(propertiesOf(fields))).toEqual({
      TAGS: 'paid',
      KEYS: 'o-1 o-2',
      DELAY: '3',
      TIMER_DELAY_MS: '1500',
      TIMER_DELIVER_MS: '1700000000000',
      __SHARDINGKEY: 's',
      _SYS_MSG_PRIORITY_: '0',
      BUYER_ID: 'b',
      WAIT: 'false',
    })
  })

  it('leave out fields that are empty, since nothing of them would arrive', () => {
    expect(propertiesOf({ tags: '', keys: [], shardingKey: '', buyerId: '' })).toEqual([['WAIT', 'true']])
  })

  it("begin with the user's own, so that a field wins over one of its name", () => {
    const properties = propertiesOf({ properties: { region: 'eu', __SHARDINGKEY: 'x' }, shardingKey: 'y' })
    expect(properties.map(([name]) => name)).toEqual(['region', '__SHARDINGKEY', 'WAIT', '__SHARDINGKEY'])
    expect(Object.fromEntries(properties)).toMatchObject({ region: 'eu', __SHARDINGKEY: 'y' })
  })
})

describe('deliverAtMs', () => {
  it('takes a number, a date or nothing', () => {
    const at = (deliverAt?: number | Date): number | undefined =>
      deliverAtMs({ topic: 'T', body: 'b', ...(deliverAt === undefined ? {} : { deliverAt }) })
    expect([at(5), at(new Date(6)), at()]).toEqual([5, 6, undefined])
  })
})

describe('joinKeys', () => {
  it('joins several keys by a space and leaves one alone', () => {
    expect([joinKeys(['a', 'b']), joinKeys('a b'), joinKeys([])]).toEqual(['a b', 'a b', ''])
  })
})

describe('parseWaitStoreMsgOK', () => {
  it('is true without the property, and else only for the word true', () => {
    expect([undefined, 'true', 'TRUE', 'false', 'yes', ''].map(parseWaitStoreMsgOK)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ])
  })
})
