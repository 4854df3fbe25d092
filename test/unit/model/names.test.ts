import fc from '../../support/property'
import {
  clientId,
  dlqTopic,
  isDlqTopic,
  isLmq,
  isPopRetryTopicV2,
  isRetryTopic,
  isSystemGroup,
  parsePopRetryTopic,
  popOriginOf,
  popRetryTopic,
  replyTopic,
  retryTopic,
  vipAddress,
} from '../../../lib/model/names'

const name = fc.stringMatching(/^[a-zA-Z0-9_%|-]{1,20}$/)

describe('names made from names', () => {
  it('gives a group its retry and dead-letter topic', () => {
    expect([retryTopic('G'), dlqTopic('G')]).toEqual(['%RETRY%G', '%DLQ%G'])
    expect([isRetryTopic('%RETRY%G'), isRetryTopic('%DLQ%G')]).toEqual([true, false])
    expect([isDlqTopic('%DLQ%G'), isDlqTopic('%RETRY%G')]).toEqual([true, false])
  })

  it('gives a cluster its reply topic', () => {
    expect(replyTopic('DefaultCluster')).toBe('DefaultCluster_REPLY_TOPIC')
  })

  it('knows light queues and system groups by their prefix', () => {
    expect([isLmq('%LMQ%a'), isLmq('LMQ')]).toEqual([true, false])
    expect([isSystemGroup('CID_RMQ_SYS_TRANS'), isSystemGroup('CID_ONSAPI_OWNER')]).toEqual([true, false])
  })
})

describe('POP retry topics', () => {
  it('joins group and topic by _ in version 1, which is the default, and by + in version 2', () => {
    expect(popRetryTopic('T', 'G')).toBe('%RETRY%G_T')
    expect(popRetryTopic('T', 'G', 2)).toBe('%RETRY%G+T')
  })

  it('finds the topic again for a known group, whatever the version', () => {
    fc.assert(
      fc.property(name, name, fc.constantFrom(1 as const, 2 as const), (topic, group, version) => {
        expect(popOriginOf(popRetryTopic(topic, group, version), group)).toBe(topic)
      }),
    )
  })

  it('leaves topics alone that are none of the group', () => {
    expect([popOriginOf('T', 'G'), popOriginOf('%RETRY%H', 'Other')]).toEqual(['T', '%RETRY%H'])
  })

  it('parses version 2 without knowing the group', () => {
    fc.assert(
      fc.property(name, name, (topic, group) => {
        expect(parsePopRetryTopic(popRetryTopic(topic, group, 2))).toEqual({ group, topic })
      }),
    )
  })

  it('does not guess where the parts cannot be told apart', () => {
    expect(parsePopRetryTopic('%RETRY%G_T')).toBeUndefined()
    expect(parsePopRetryTopic('%RETRY%a+b+c')).toBeUndefined()
    expect(parsePopRetryTopic('a+b')).toBeUndefined()
  })

  it('takes every retry topic with a + for version 2', () => {
    expect([isPopRetryTopicV2('%RETRY%G+T'), isPopRetryTopicV2('%RETRY%G_T'), isPopRetryTopicV2('G+T')]).toEqual([
      true,
      false,
      false,
    ])
  })
})

describe('clientId', () => {
  it('joins address and instance, and the unit where there is one', () => {
    expect(clientId({ ip: '10.0.0.7', instanceName: '1#2' })).toBe('10.0.0.7@1#2')
    expect(clientId({ ip: '10.0.0.7', instanceName: '1#2', unitName: 'u' })).toBe('10.0.0.7@1#2@u')
    expect(clientId({ ip: '10.0.0.7', instanceName: '1#2', unitName: ' ' })).toBe('10.0.0.7@1#2')
  })
})

describe('vipAddress', () => {
  it('is two ports below, for IPv6 too', () => {
    expect([vipAddress('b:10911'), vipAddress('[::1]:10911')]).toEqual(['b:10909', '[::1]:10909'])
  })

  it.each(['nocolon', 'b:', 'b:http'])('refuses %j and says what is missing', address => {
    expect(() => vipAddress(address)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('host:port') }),
    )
  })
})
