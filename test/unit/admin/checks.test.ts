import { checkOneOf, checkScope, checkStoredTopic, checkText } from '../../../lib/admin/checks'

const invalid = (text: string): Error =>
  expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(text) as string }) as Error

describe('checkStoredTopic', () => {
  it.each(['Orders', '%RETRY%billing', `%DLQ%${'g'.repeat(200)}`])('takes %s', topic => {
    expect(() => checkStoredTopic(topic)).not.toThrow()
  })

  it.each(['', 'a b', 'x'.repeat(128), undefined, 7])('refuses %p', topic => {
    expect(() => checkStoredTopic(topic)).toThrow(expect.objectContaining({ code: 'INVALID_TOPIC' }))
  })
})

describe('checkScope', () => {
  it('takes one cluster, one broker or nothing', () => {
    for (const scope of [{}, { clusterName: 'c' }, { brokerAddress: '[::1]:10911' }])
      expect(() => checkScope(scope)).not.toThrow()
  })

  it('refuses both at a time, an empty name and what is no address', () => {
    expect(() => checkScope({ clusterName: 'c', brokerAddress: 'a:1' })).toThrow(invalid('exclude each other'))
    expect(() => checkScope({ clusterName: '' })).toThrow(invalid('clusterName'))
    expect(() => checkScope({ brokerAddress: 'broker-a' })).toThrow(invalid('broker-a'))
  })
})

describe('checkText and checkOneOf', () => {
  it('name what is wrong and what would be right', () => {
    expect(() => checkText('key', '')).toThrow(invalid('key is ""'))
    expect(() => checkText('key', 5)).toThrow(invalid('key is 5'))
    expect(() => checkOneOf('messageType', 'BIG', ['NORMAL', 'FIFO'])).toThrow(invalid('one of NORMAL, FIFO'))
    expect(() => checkOneOf('messageType', 'FIFO', ['NORMAL', 'FIFO'])).not.toThrow()
  })
})
