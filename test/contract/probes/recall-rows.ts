import { RECALL_MESSAGE } from '../../../lib/commands/recall'
import { type RecallHandle, encodeRecallHandle } from '../../../lib/model/recall-handle'
import { systemClock } from '../../../lib/runtime/clock'
import { NO_REMARK } from './answers'
import { byVersion, since5 } from './expected'
import { freshTopic } from './given'
import { type Answer, type AnswerCode, rowsOf } from './probe'
import type { Stage } from './stage'

const recall = rowsOf(RECALL_MESSAGE)

const HOUR_MS = 3_600_000
const inAnHour = (): string => String(systemClock.now() + HOUR_MS)
const UNKNOWN_BY_4 = 'REQUEST_CODE_NOT_SUPPORTED'

const since532 = (code: AnswerCode) => byVersion<AnswerCode>({ '4.9': UNKNOWN_BY_4, '5': code })

/** What 4.9 answers to a request that it does not know is told by other rows. */
const answered = (remark: unknown, fields: object = {}) => ({
  fields: since5({ MSG_REGION: 'DefaultRegion', ...fields }),
  remark: byVersion({ '4.9': ' request type 370 not supported', '5': remark }),
})

function handleOf(stage: Stage, rest: Partial<RecallHandle> = {}): string {
  const place = { topic: 'T', brokerName: stage.broker.name, messageId: 'the-key' }
  return encodeRecallHandle({ ...place, timestamp: inAnHour(), ...rest })
}

const wrong = (remark: string): Answer => answered(remark)

export const RECALL_ROWS = [
  recall({
    name: 'a timer message is called back, whether it is there or not',
    given: freshTopic,
    request: (topic, stage) => ({ header: { topic, recallHandle: handleOf(stage, { topic }) } }),
    code: since532('SUCCESS'),
    answer: answered(NO_REMARK, { msgId: 'the-key' }),
  }),
  recall({
    name: 'nothing is called back of a topic that is not there',
    given: async stage => stage.unique('Probe'),
    request: (topic, stage) => ({ header: { topic, recallHandle: handleOf(stage, { topic }) } }),
    code: since532('TOPIC_NOT_EXIST'),
    answer: topic => wrong(`recall failed, the topic[${topic}] not exist`),
  }),
  recall({
    name: 'a handle that is none is refused',
    given: freshTopic,
    request: topic => ({ header: { topic, recallHandle: 'none' } }),
    code: since532('ILLEGAL_OPERATION'),
    answer: wrong('recall handle is invalid'),
  }),
  recall({
    name: 'a handle of another topic is refused',
    given: freshTopic,
    request: (topic, stage) => ({ header: { topic, recallHandle: handleOf(stage, { topic: 'other' }) } }),
    code: since532('ILLEGAL_OPERATION'),
    answer: wrong('recall failed, topic not match'),
  }),
  recall({
    name: 'a handle of another broker is refused',
    given: freshTopic,
    request: (topic, stage) => ({ header: { topic, recallHandle: handleOf(stage, { topic, brokerName: 'other' }) } }),
    code: since532('ILLEGAL_OPERATION'),
    answer: wrong('recall failed, broker service not available'),
  }),
  ...['1000', 'no-number', String(systemClock.now() + 100 * HOUR_MS)].map(timestamp =>
    recall({
      name: `a time that is over, none, or too far ahead is refused: ${timestamp.length === 13 ? 'in 100 h' : timestamp}`,
      given: freshTopic,
      request: (topic, stage) => ({ header: { topic, recallHandle: handleOf(stage, { topic, timestamp }) } }),
      code: since532('ILLEGAL_OPERATION'),
      answer: wrong('recall failed, timestamp invalid'),
    }),
  ),
  recall({
    name: 'a request without a handle is refused',
    given: freshTopic,
    request: topic => ({ header: { topic, recallHandle: 'x' } }),
    without: ['recallHandle'],
    code: since532('ILLEGAL_OPERATION'),
    answer: wrong('recall handle is invalid'),
  }),
]
