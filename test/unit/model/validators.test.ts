import {
  MAX_GROUP_LENGTH,
  MAX_TOPIC_LENGTH,
  brokerTopicProblem,
  checkConsumerGroup,
  checkGroup,
  checkProducerGroup,
  checkTopic,
  checkTopicToSend,
  groupProblem,
  topicProblem,
} from '../../../lib/model/validators'

const refusal = (code: string, says: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(says) })

describe('topics', () => {
  it.each(['T', 'topic_test-1', '%RETRY%G', 'a|b', '0', '-', 'TBW102', 'x'.repeat(MAX_TOPIC_LENGTH)])(
    'may be named %s',
    topic => {
      expect(topicProblem(topic)).toBeUndefined()
    },
  )

  it.each(['', ' ', '\t', 'a b', 'a.b', 'a/b', 'a+b', 'T\n', '主题', '😀', 'a\u0000b', undefined, null, 5])(
    'may not be %j',
    topic => {
      expect(topicProblem(topic)).toBeDefined()
      expect(() => checkTopic(topic)).toThrow(expect.objectContaining({ code: 'INVALID_TOPIC' }))
    },
  )

  it('have at most 127 characters, and the message shows only the start of a long one', () => {
    expect(() => checkTopic('x'.repeat(100_000))).toThrow(refusal('INVALID_TOPIC', 'at most 127'))
    const message = (() => {
      try {
        return String(checkTopic('x'.repeat(100_000)))
      } catch (error) {
        return (error as Error).message
      }
    })()
    expect(message.length).toBeLessThan(300)
  })

  it('may be written by clients unless only brokers write them', () => {
    expect(() => checkTopicToSend('RMQ_SYS_TRACE_TOPIC')).not.toThrow()
    expect(() => checkTopicToSend('RMQ_SYS_TRANS_HALF_TOPIC')).toThrow(refusal('INVALID_TOPIC', 'brokers only'))
  })

  it('may be longer on a broker for retries and dead letters', () => {
    const long = 'x'.repeat(240)
    expect([brokerTopicProblem(`%RETRY%${long}`), brokerTopicProblem(`%DLQ%${long}`)]).toEqual([undefined, undefined])
    expect(brokerTopicProblem(long)).toContain('127')
    expect(brokerTopicProblem(`%RETRY%${long}123456789`)).toContain('255')
  })
})

describe('groups', () => {
  it('have at most 120 characters', () => {
    expect(groupProblem('g'.repeat(MAX_GROUP_LENGTH))).toBeUndefined()
    expect(() => checkGroup('g'.repeat(MAX_GROUP_LENGTH + 1))).toThrow(refusal('INVALID_GROUP', 'at most 120'))
  })

  it.each(['', ' ', 'a b', '组', undefined])('may not be %j', group => {
    expect(() => checkGroup(group)).toThrow(expect.objectContaining({ code: 'INVALID_GROUP' }))
  })

  it('must be named by the application', () => {
    expect(() => checkProducerGroup('DEFAULT_PRODUCER')).toThrow(refusal('INVALID_GROUP', 'producerGroup'))
    expect(() => checkConsumerGroup('DEFAULT_CONSUMER')).toThrow(refusal('INVALID_GROUP', 'consumerGroup'))
    expect(() => checkProducerGroup('DEFAULT_CONSUMER')).not.toThrow()
    expect(() => checkConsumerGroup('billing')).not.toThrow()
  })

  it('are checked as such before anything else', () => {
    expect(() => checkProducerGroup('a b')).toThrow(expect.objectContaining({ code: 'INVALID_GROUP' }))
    expect(() => checkConsumerGroup('')).toThrow(expect.objectContaining({ code: 'INVALID_GROUP' }))
  })
})
