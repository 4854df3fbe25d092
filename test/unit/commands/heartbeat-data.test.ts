import {
  consumeFromWhereOf,
  consumeTypeOf,
  heartbeatDataOf,
  messageModelOf,
  subscriptionDataOf,
} from '../../../lib/commands/heartbeat-data'
import { readFastjson } from '../../../lib/wire/fastjson-reader'

const malformed = expect.objectContaining({ code: 'PROTOCOL_ERROR' })

describe('heartbeatDataOf', () => {
  it('reads the heartbeat of a Java client', () => {
    const text = `{"clientID":"10.0.0.1@1#2","consumerDataSet":[{"consumeFromWhere":"CONSUME_FROM_LAST_OFFSET",
      "consumeType":"CONSUME_PASSIVELY","groupName":"g","messageModel":"CLUSTERING","subscriptionDataSet":[
      {"classFilterMode":false,"codeSet":[96],"expressionType":"TAG","subString":"a","subVersion":1700000000000,
      "tagsSet":["a"],"topic":"T"}],"unitMode":false}],"producerDataSet":[{"groupName":"p"}]}`
    expect(heartbeatDataOf(readFastjson(text))).toEqual({
      clientID: '10.0.0.1@1#2',
      producerDataSet: [{ groupName: 'p' }],
      consumerDataSet: [
        {
          groupName: 'g',
          consumeType: 'CONSUME_PASSIVELY',
          messageModel: 'CLUSTERING',
          consumeFromWhere: 'CONSUME_FROM_LAST_OFFSET',
          subscriptionDataSet: [
            {
              topic: 'T',
              subString: 'a',
              tagsSet: ['a'],
              codeSet: [96],
              subVersion: 1_700_000_000_000,
              expressionType: 'TAG',
              classFilterMode: false,
            },
          ],
          unitMode: false,
        },
      ],
      heartbeatFingerprint: 0,
      withoutSub: false,
    })
  })

  it('reads one of a client without groups', () => {
    expect(heartbeatDataOf({ clientID: 'c' })).toMatchObject({ producerDataSet: [], consumerDataSet: [] })
  })

  it.each([
    ['no client id', {}],
    ['a producer without a name', { clientID: 'c', producerDataSet: [{}] }],
    ['a consumer without a name', { clientID: 'c', consumerDataSet: [{}] }],
    ['consumers that are no list', { clientID: 'c', consumerDataSet: {} }],
    ['a model that is none', { clientID: 'c', consumerDataSet: [{ groupName: 'g', messageModel: 5 }] }],
    ['text', 'heartbeat'],
  ])('refuses one with %s', (_how, value) => {
    expect(() => heartbeatDataOf(value)).toThrow(malformed)
  })
})

describe('subscriptionDataOf', () => {
  it('takes what is left out for all tags of the topic', () => {
    expect(subscriptionDataOf({ topic: 'T' }, 'it')).toEqual({
      topic: 'T',
      subString: '*',
      tagsSet: [],
      codeSet: [],
      subVersion: 0,
      expressionType: 'TAG',
      classFilterMode: false,
    })
  })

  it('reads codes of tags that are written as text, as the Go client does', () => {
    expect(subscriptionDataOf({ topic: 'T', codeSet: ['96', '-5'] }, 'it').codeSet).toEqual([96, -5])
    expect(() => subscriptionDataOf({ topic: 'T', codeSet: ['a'] }, 'it')).toThrow(malformed)
  })

  it('cuts a version that no number can hold, such as nanoseconds, to the largest that one can', () => {
    const parsed = readFastjson('{"topic":"T","subVersion":1700000000123456789}')
    expect(subscriptionDataOf(parsed, 'it').subVersion).toBe(Number.MAX_SAFE_INTEGER)
  })

  it('keeps a type that it does not know, and the class of a filter server', () => {
    const fields = { expressionType: 'XML', classFilterMode: true, filterClassSource: 'class A {}' }
    expect(subscriptionDataOf({ topic: 'T', ...fields }, 'it')).toMatchObject(fields)
  })

  it.each([{}, { topic: 'T', tagsSet: [1] }, { topic: 'T', codeSet: ['a'] }, { topic: 'T', expressionType: 1 }])(
    'refuses %j',
    value => {
      expect(() => subscriptionDataOf(value, 'it')).toThrow(malformed)
    },
  )
})

describe('the enumerations of a consumer', () => {
  it('have Java’s defaults', () => {
    expect([consumeTypeOf(null, 'it'), messageModelOf(undefined, 'it')]).toEqual(['CONSUME_PASSIVELY', 'CLUSTERING'])
  })

  it.each([
    ['CONSUME_FROM_FIRST_OFFSET', 'CONSUME_FROM_FIRST_OFFSET'],
    ['CONSUME_FROM_TIMESTAMP', 'CONSUME_FROM_TIMESTAMP'],
    ['CONSUME_FROM_LAST_OFFSET_AND_FROM_MIN_WHEN_BOOT_FIRST', 'CONSUME_FROM_LAST_OFFSET'],
    ['CONSUME_FROM_MAX_OFFSET', 'CONSUME_FROM_LAST_OFFSET'],
    [undefined, 'CONSUME_FROM_LAST_OFFSET'],
  ])('read the start %p as %p, the deprecated ones as the last offset', (value, expected) => {
    expect(consumeFromWhereOf(value)).toBe(expected)
  })
})
