import { liteTries, offsetInLiteTopic } from '../../../../lib/consumer/lite/lite-tries'
import { encodeProperties } from '../../../../lib/wire/properties'
import { decodeStoredMessages } from '../../../../lib/wire/stored-message-decoder'
import { storedMessage } from '../../../support/records'
import { liteRecord } from '../../../support/lite-setup'

const popped = (...places: readonly (readonly [string, number])[]) =>
  decodeStoredMessages(Buffer.concat(places.map(([name, offset]) => liteRecord(name, offset))), {
    brokerName: 'a',
    offsetDelta: 0,
  }).messages

describe('how often messages of lite topics were popped before', () => {
  it('is one count for each, whatever they are from', () => {
    expect(liteTries('0;2;1', popped(['a', 7], ['a', 8], ['b', 7]))).toEqual([0, 2, 1])
    expect(liteTries('0 qo0%7 3;0;0 qo0%7 1', popped(['a', 7], ['b', 3], ['c', 7]))).toEqual([3, 0, 1])
  })

  it('is told of one lite topic by offsets, of those alone that were popped before', () => {
    const messages = popped(['a', 7], ['a', 8], ['a', 9])
    expect(liteTries('0 qo0%8 5', messages)).toEqual([0, 5, 0])
    expect(liteTries('0 qo0%9 1;0 qo0%8 2;0 qo0%7 3', messages)).toEqual([3, 2, 1])
  })

  it('is not known where counts cannot be told apart', () =>
    expect(liteTries('0 qo0%7 5', popped(['a', 7], ['b', 7]))).toEqual([0, 0]))

  it.each([undefined, '', 'x', '-5', '0 qo0%7', '0 qo0%7 x', '0 qo1%7 5', '1;2', '99999999999999999999'])(
    'is 0 where the broker tells %p',
    text => expect(liteTries(text, popped(['a', 7]))).toEqual([0]),
  )
})

describe('the offset in a lite topic', () => {
  const offsetOf = (INNER_MULTI_QUEUE_OFFSET: string) =>
    offsetInLiteTopic(storedMessage({ properties: encodeProperties({ INNER_MULTI_QUEUE_OFFSET }) }))

  it('is what the message says, if that is one', () => {
    expect(['7', '0', 'x', '-1', '1,2', '9223372036854775807'].map(offsetOf)).toEqual([7, 0, ...Array(4)])
    expect(offsetInLiteTopic(storedMessage())).toBeUndefined()
  })
})
